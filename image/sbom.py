"""What is in a package of ours or in an image, as an SPDX 2.3 document.

    python3 image/sbom.py --deb FILE -o OUT
    python3 image/sbom.py --deb FILE (--dpkg-status FILE | --root FOLDER-OR-TAR) -o OUT

The first names the Python packages in the .deb; the second the Debian packages of an image too.
The same input makes the same document; its date is SOURCE_DATE_EPOCH.
"""

import argparse
import hashlib
import io
import json
import os
import re
import subprocess
import tarfile
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.parser import Parser
from pathlib import Path
from typing import Any
from urllib.parse import quote

NOBODY_SAYS = "NOASSERTION"
STATUS = "var/lib/dpkg/status"
METADATA = re.compile(r"opt/deskpanel/lib/[^/]+\.dist-info/METADATA")
WHEELS = "opt/deskpanel/WHEELS"
"Each wheel that went into a package, with its hash."

ELSEWHERE = {"pjsua2": "pkg:github/pjsip/pjproject"}
"What has no package of its name at PyPI, where those who look for known faults would search."

SAME = ("Apache-2.0", "BSD-3-Clause", "GPL-2.0-or-later", "MIT", "PSF-2.0")
LICENCES = {each: each for each in SAME} | {
    "Apache 2.0": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "unlicense.org": "Unlicense",
}
"What libraries write for what SPDX calls so."


@dataclass(frozen=True, slots=True)
class Part:
    """Something with a name and a version."""

    name: str
    version: str
    purl: str
    licence: str = NOBODY_SAYS
    supplier: str = NOBODY_SAYS
    sha256: str = ""
    parts: "tuple[Part, ...]" = ()

    @property
    def id(self) -> str:
        """What the document calls it: its purl, but for the version and signs that SPDX has not."""
        kind = self.purl.removeprefix("pkg:")
        return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.]+", "-", re.sub(r"@[^?]*", "", kind))

    def described(self) -> dict[str, Any]:
        """As SPDX wants it."""
        return {
            "SPDXID": self.id,
            "name": self.name,
            "versionInfo": self.version,
            "supplier": self.supplier,
            "downloadLocation": NOBODY_SAYS,
            "filesAnalyzed": False,
            "licenseConcluded": NOBODY_SAYS,
            "licenseDeclared": self.licence,
            "copyrightText": NOBODY_SAYS,
            "externalRefs": [
                {
                    "referenceCategory": "PACKAGE-MANAGER",
                    "referenceType": "purl",
                    "referenceLocator": self.purl,
                }
            ],
        } | ({"checksums": [_sha256(self.sha256)]} if self.sha256 else {})

    def all(self) -> "Iterator[Part]":
        """Itself and what it is made of."""
        yield self
        for part in self.parts:
            yield from part.all()


def _sha256(value: str) -> dict[str, str]:
    return {"algorithm": "SHA256", "checksumValue": value}


def document(whole: Part, moment: int) -> dict[str, Any]:
    """The SPDX document of a part, its parts and theirs."""
    parts = list(whole.all())
    body = {
        "packages": [part.described() for part in parts],
        "relationships": [
            _relation("SPDXRef-DOCUMENT", "DESCRIBES", whole.id),
            *(_relation(part.id, "CONTAINS", inner.id) for part in parts for inner in part.parts),
        ],
    }
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{whole.name}-{whole.version}",
        # Has to be one that no other document has: made of what this one says.
        "documentNamespace": uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(body)).urn,
        "creationInfo": {
            "created": datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": ["Tool: deskpanel-sbom"],
        },
        **body,
    }


def _relation(one: str, how: str, other: str) -> dict[str, str]:
    return {"spdxElementId": one, "relationshipType": how, "relatedSpdxElement": other}


def wheels(text: str) -> dict[str, str]:
    """The hash of each wheel that went into a package, by the beginning of its name."""
    found = {}
    for line in text.splitlines():
        digest, _, file = line.partition("  ")
        name, version = file.split("-")[:2]
        found[f"{_plain(name)}-{version}"] = digest
    return found


def library(metadata: Message, hashes: dict[str, str]) -> Part:
    """A Python package, from what its wheel says of itself."""
    name, version = _plain(metadata["Name"]), metadata["Version"]
    purl = f"{ELSEWHERE.get(name, f'pkg:pypi/{name}')}@{version}"
    sha256 = hashes.get(f"{name}-{version}", "")
    return Part(name, version, purl, licence(metadata), sha256=sha256)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def licence(metadata: Message) -> str:
    """The licence in the words of SPDX, where the library says it plainly."""
    classifiers = metadata.get_all("Classifier", [])
    said = [metadata.get("License", ""), *(each.rpartition(" :: ")[2] for each in classifiers)]
    known = (LICENCES[word] for word in said if word in LICENCES)
    return metadata.get("License-Expression") or next(known, NOBODY_SAYS)


def package(file: Path) -> Part:
    """One of our own .deb, with the libraries in it."""
    control = Parser().parsestr(_run("dpkg-deb", "--field", str(file)).decode())
    known, found = "", []
    with tarfile.open(fileobj=_data(file)) as tar:
        for member in tar:
            name = member.name.removeprefix("./")
            if name == WHEELS:
                known = _text(tar, member)
            elif METADATA.fullmatch(name):
                found.append(Parser().parsestr(_text(tar, member)))
    parts = sorted((library(each, wheels(known)) for each in found), key=lambda part: part.name)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return Part(
        control["Package"],
        control["Version"],
        _purl(control, "deskpanel"),
        "GPL-3.0-or-later",
        sha256=digest,
        parts=tuple(part for part in parts if part.name != control["Package"]),
    )


def _run(*command: str) -> bytes:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def _data(file: Path) -> io.BytesIO:
    return io.BytesIO(_run("dpkg-deb", "--fsys-tarfile", str(file)))


def _text(tar: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    taken = tar.extractfile(member)
    assert taken is not None, f"{member.name} is no file"
    return taken.read().decode()


def _purl(control: Message, vendor: str) -> str:
    version = quote(control["Version"], safe=":")
    return f"pkg:deb/{vendor}/{quote(control['Package'])}@{version}?arch={control['Architecture']}"


def status_of(system: Path) -> str:
    """The list of installed packages of a folder or a tar of it, or the list itself."""
    if system.is_dir():
        return (system / STATUS).read_text(encoding="utf-8")
    if tarfile.is_tarfile(system):
        with tarfile.open(system) as tar:
            wanted = next(m for m in tar if m.name.removeprefix("./") == STATUS)
            return _text(tar, wanted)
    return system.read_text(encoding="utf-8")


def installed(status: str) -> Iterator[Part]:
    """The Debian packages that dpkg has installed, by name."""
    entries = (Parser().parsestr(entry) for entry in status.strip().split("\n\n"))
    there = (entry for entry in entries if entry["Status"].split()[-1] == "installed")
    for entry in sorted(there, key=lambda entry: (entry["Package"], entry["Architecture"])):
        yield Part(
            entry["Package"],
            entry["Version"],
            _purl(entry, "debian"),
            supplier=f"Organization: {entry['Maintainer']}",
        )


def image(ours: Part, others: Iterable[Part]) -> Part:
    """A card image: Debian's packages, and ours with what it carries."""
    parts = (ours, *(part for part in others if part.name != ours.name))
    name, version = "deskpanel-image", ours.version
    return Part(name, version, f"pkg:generic/{name}@{version}", parts=parts)


def main() -> None:
    """Read the command line, write the document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deb", type=Path, required=True)
    parser.add_argument("--dpkg-status", "--root", dest="system", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    whole = package(options.deb)
    if options.system:
        whole = image(whole, installed(status_of(options.system)))
    written = document(whole, int(os.environ.get("SOURCE_DATE_EPOCH", "1767225600")))
    text = json.dumps(written, indent=1, ensure_ascii=False)
    options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
