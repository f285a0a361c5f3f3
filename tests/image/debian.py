"""A mirror of Debian with one package in it, newer than anybody's."""

import functools
import hashlib
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SUITE = "trixie"


def package(home: Path, name: str, version: str, file: Path, content: str) -> Path:
    """One that holds a single file."""
    tree = home / "tree"
    here = tree / file.relative_to("/")
    here.parent.mkdir(parents=True)
    here.write_text(content)
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN/control").write_text(
        f"Package: {name}\nVersion: {version}\nArchitecture: all\n"
        "Maintainer: Nobody <nobody@example.com>\nDescription: of the tests\n"
    )
    deb = home / f"{name}_{version}_all.deb"
    build = ["dpkg-deb", "--root-owner-group", "-Zgzip", "--build", str(tree), str(deb)]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    return deb


def repository(home: Path, deb: Path) -> Path:
    """The tree of a mirror, as sources.list(5) wants it; signed by nobody."""
    root = home / "mirror"
    listed = root / "dists" / SUITE / "main/binary-arm64/Packages"
    listed.parent.mkdir(parents=True)
    (root / deb.name).write_bytes(deb.read_bytes())
    fields = subprocess.run(
        ["dpkg-deb", "--field", deb], capture_output=True, text=True, check=True
    )
    checked = hashlib.sha256(deb.read_bytes()).hexdigest()
    where = f"Filename: {deb.name}\nSize: {deb.stat().st_size}\nSHA256: {checked}\n"
    listed.write_text(f"{fields.stdout.strip()}\n{where}\n")
    told = listed.read_bytes()
    (root / "dists" / SUITE / "Release").write_text(
        f"Suite: {SUITE}\nCodename: {SUITE}\nArchitectures: all arm64\nComponents: main\n"
        f"SHA256:\n {hashlib.sha256(told).hexdigest()} {len(told)} main/binary-arm64/Packages\n"
    )
    return root


@contextmanager
def serving(root: Path) -> Iterator[int]:
    """The port of 127.0.0.1 on which it can be had."""
    handler = functools.partial(Quiet, directory=str(root))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, name="mirror")
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


class Quiet(SimpleHTTPRequestHandler):
    """Says nothing of what it is asked."""

    def log_message(self, format: str, *args: object) -> None:
        pass
