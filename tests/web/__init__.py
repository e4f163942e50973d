"""A web of its own on loopback: sites with invented names at addresses of 127.1.0.0/16, each with real sockets.

Sites are given as what they send, byte for byte, so that every fault of a server can be played.
"""

from tests.web.answers import answer, not_modified, redirect
from tests.web.servers import Asked, Script, Web

__all__ = ["Asked", "Script", "Web", "answer", "not_modified", "redirect"]
