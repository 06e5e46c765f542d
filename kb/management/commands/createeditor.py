import getpass
import sys

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from kb.staff import roles


class Command(BaseCommand):
    help = "Make an account for the editing screens. There is none by default, and no default password."

    def add_arguments(self, parser):
        parser.add_argument("name", help="The name to sign in with.")
        parser.add_argument("--role", choices=roles.Role.values, help="What the person may do (docs/roles.md).")
        parser.add_argument("--email", default="", help="An address; nothing is ever sent to it.")
        parser.add_argument("--password-stdin", action="store_true", help="Read the password from standard input.")

    def handle(self, *args, name, role, email, password_stdin, **options):
        user = get_user_model()(username=name, email=email)
        refuse_taken(user)
        role = role or self.ask_role(interactive=not password_stdin)
        password = read_line() if password_stdin else ask_password(user, self.stderr)
        problem = weakness(password, user)
        if problem:
            raise CommandError(f"This password will not do. {problem}")
        user.set_password(password)
        try:
            user.full_clean()
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        with transaction.atomic():
            roles.assign(user, role)
        self.stdout.write(f"{name} can sign in at /admin/ as {role}.")

    def ask_role(self, interactive):
        if not interactive or not sys.stdin.isatty():
            raise CommandError(f"Say which role: --role {'|'.join(roles.Role.values)}")
        while True:
            answer = input(f"Role ({', '.join(roles.Role.values)}) [editor]: ").strip() or "editor"
            if answer in roles.Role.values:
                return answer


def refuse_taken(user):
    """One name, one account: also when it differs only in capitals, since people would mix them up."""
    taken = get_user_model().objects.filter(username__iexact=user.username).first()
    if taken:
        raise CommandError(
            f"There is already an account “{taken.username}”. Nothing was changed; "
            "an administrator can change its role or password under /admin/auth/user/."
        )


def read_line():
    return sys.stdin.readline().rstrip("\r\n")


def weakness(password, user):
    """Why the password is refused, or an empty text."""
    if not password:
        return "It is empty."
    try:
        validate_password(password, user)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def ask_password(user, out):
    if not sys.stdin.isatty():
        raise CommandError("There is no terminal to ask for a password. Use --password-stdin.")
    while True:
        password = getpass.getpass("Password: ")
        problem = weakness(password, user)
        if not problem and password != getpass.getpass("Once more: "):
            problem = "The two were not the same."
        if not problem:
            return password
        out.write(problem)
