"""Lists as files: all filtered rows, streamed, under a file name with the kind and the day."""

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone


def whole_list(request, renderer, name, chunks, columns, serialize):
    """The response with every row. ``chunks`` yields lists of rows; ``serialize`` turns such a list into plain data.

    The first chunk is read before the response starts, so that an error in the query still gets an error status.
    """
    chunks = iter(chunks)
    first = next(chunks)

    def parts():
        yield renderer.head(columns)
        rows = first
        while rows:
            yield renderer.lines(serialize(rows), columns)
            rows = next(chunks, None)

    response = StreamingHttpResponse(() if request.method == "HEAD" else parts(), content_type=_content_type(renderer))
    response["Cache-Control"] = "public, max-age=60"
    return _named(response, renderer, name)


def one_page(renderer, name, rows, columns):
    """The response with the rows of one page; ``rows`` are plain data."""
    body = renderer.head(columns) + renderer.lines(rows, columns)
    return _named(HttpResponse(body, content_type=_content_type(renderer)), renderer, name)


def _content_type(renderer):
    return f"{renderer.media_type}; charset={renderer.charset}"


def _named(response, renderer, name):
    file_name = f"concordance-{name}-{timezone.now().date().isoformat()}.{renderer.extension}"
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
