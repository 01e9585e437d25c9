"""A mail server in this process that speaks SMTP over a socket: it takes, refuses or breaks off."""

import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from allauth.account.models import EmailAddress
from pytest_django import Settings

from greenward.accounts.models import User

SITE = "https://greenward.example.gov.cn"


@dataclass
class Server:
    """What the server took, and to whom it answers otherwise: an address and a reply, or "drop"."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    port: int = 0

    def to(self, address: str) -> list[EmailMessage]:
        """Return the messages that an address got."""
        return [
            cast("EmailMessage", email.message_from_bytes(content, policy=default))
            for whom, content in self.taken
            if whom == address
        ]


class Conversation(socketserver.StreamRequestHandler):
    """One connection: a sender, recipients, a message, as often as the client likes."""

    def handle(self) -> None:
        """Talk until the client leaves, or is dropped."""
        server: Server = cast("Any", self.server).state
        recipient = ""
        self.say("220 test")
        while line := self.rfile.readline():
            command = line.decode().strip()
            verb = command.upper()
            if verb.startswith("RCPT"):
                recipient = command.split("<")[1].split(">")[0]
                answer = server.answers.get(recipient, "250 ok")
                self.say("250 ok" if answer == "drop" else answer)
            elif verb == "DATA":
                self.say("354 go on")
                content = self.content()
                server.taken.append((recipient, content))
                if server.answers.get(recipient) == "drop":  # it has the message, and never says so
                    return
                self.say("250 taken")
            else:
                self.say("221 bye" if verb == "QUIT" else "250 ok")

    def content(self) -> bytes:
        """Read a message to the line with a dot alone."""
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def say(self, text: str) -> None:
        """Answer with a line."""
        self.wfile.write(f"{text}\r\n".encode())


class Threaded(socketserver.ThreadingTCPServer):
    """A thread for each connection."""

    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def mail_server(settings: Settings) -> Iterator[Server]:
    """Run a server on a free port and let the product send through it with Django's real backend."""
    with Threaded(("127.0.0.1", 0), Conversation) as running:
        state = Server(port=running.server_address[1])
        cast("Any", running).state = state
        threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", state.port, False
        settings.DEFAULT_FROM_EMAIL, settings.GREENWARD_SITE = "greenward@example.gov.cn", SITE
        yield state
        running.shutdown()


def confirmed(user: User, address: str) -> User:
    """Give a person an address that they confirmed."""
    user.email = address
    user.save()
    EmailAddress.objects.create(user=user, email=address.lower(), verified=True)
    return user
