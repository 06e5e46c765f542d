FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 \
    CONCORDANCE_BIND=0.0.0.0:8000 CONCORDANCE_VAR=/data

WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt

COPY . .
# The key made for this step stays in the folder that is removed with it.
RUN CONCORDANCE_VAR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 && rm -r /tmp/build \
    && useradd --system --uid 10001 concordance && install -d -o concordance /data

USER concordance
VOLUME /data
EXPOSE 8000
CMD ["sh", "-c", "python manage.py migrate --noinput && exec gunicorn kb.wsgi"]
