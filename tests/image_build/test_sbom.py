"""The list of what is in a package and in an image."""

import io
import tarfile
from email.parser import Parser
from pathlib import Path

import pytest

from image import sbom
from image.sbom import NOBODY_SAYS, Part, document, image, installed, library, licence, wheels

STATUS = """\
Package: libc6
Status: install ok installed
Architecture: arm64
Maintainer: GNU Libc Maintainers <libc@example.org>
Version: 2.41-12+deb13u1
Description: GNU C Library
 of more than one line

Package: gone
Status: deinstall ok config-files
Architecture: arm64
Maintainer: Nobody <nobody@example.org>
Version: 1

Package: openssh-client
Status: install ok installed
Architecture: arm64
Maintainer: SSH Maintainers <ssh@example.org>
Version: 1:10.0p1-7

Package: deskpanel
Status: install ok installed
Architecture: arm64
Maintainer: us <us@example.org>
Version: 0.1.0
"""

PILLOW = Part("pillow", "13.0.0", "pkg:pypi/pillow@13.0.0", "MIT-CMU", sha256="aa")
OURS = Part("deskpanel", "0.1.0", "pkg:deb/deskpanel/deskpanel@0.1.0?arch=arm64", parts=(PILLOW,))


def test_an_image_has_what_dpkg_has_installed_and_ours_once() -> None:
    whole = image(OURS, installed(STATUS))
    assert [part.name for part in whole.all()] == [
        "deskpanel-image",
        "deskpanel",
        "pillow",
        "libc6",
        "openssh-client",
    ]


def test_a_debian_version_is_written_so_that_it_can_be_looked_up() -> None:
    found = [part.purl for part in installed(STATUS)]
    assert "pkg:deb/debian/libc6@2.41-12%2Bdeb13u1?arch=arm64" in found
    assert "pkg:deb/debian/openssh-client@1:10.0p1-7?arch=arm64" in found


def test_the_same_input_makes_the_same_document() -> None:
    assert document(OURS, 0) == document(OURS, 0)


def test_documents_that_differ_have_names_of_their_own() -> None:
    other = Part("deskpanel", "0.1.1", OURS.purl)
    one, another = document(OURS, 0), document(other, 0)
    assert one["documentNamespace"] != another["documentNamespace"]


def test_every_relation_is_between_what_the_document_describes() -> None:
    made = document(image(OURS, installed(STATUS)), 0)
    ids = [package["SPDXID"] for package in made["packages"]]
    assert len(ids) == len(set(ids))
    related = {relation["relatedSpdxElement"] for relation in made["relationships"]}
    assert related == set(ids)


def test_the_date_is_the_one_given() -> None:
    assert document(OURS, 86400)["creationInfo"]["created"] == "1970-01-02T00:00:00Z"


@pytest.mark.parametrize(
    ("said", "spdx"),
    [
        ("License-Expression: Apache-2.0 AND MIT", "Apache-2.0 AND MIT"),
        ("License: MIT", "MIT"),
        ("License: BSD", "BSD-3-Clause"),
        ("Classifier: License :: OSI Approved :: ISC License (ISCL)", "ISC"),
        ("License: do as you like", NOBODY_SAYS),
        ("Name: nothing", NOBODY_SAYS),
    ],
)
def test_a_licence_is_told_where_it_is_plain(said: str, spdx: str) -> None:
    assert licence(Parser().parsestr(said + "\n\nlong text")) == spdx


def test_a_library_has_the_hash_of_its_wheel() -> None:
    metadata = Parser().parsestr("Name: luma.core\nVersion: 2.6.0\n\n")
    part = library(metadata, wheels("aa  luma_core-2.6.0-py3-none-any.whl\nbb  x-1-py3.whl\n"))
    assert (part.purl, part.sha256) == ("pkg:pypi/luma-core@2.6.0", "aa")


def test_pjsua2_is_looked_up_where_its_faults_are_known() -> None:
    metadata = Parser().parsestr("Name: pjsua2\nVersion: 2.17\n\n")
    assert library(metadata, {}).purl == "pkg:github/pjsip/pjproject@2.17"


@pytest.mark.parametrize("kind", ["folder", "tar", "file"])
def test_the_list_of_packages_is_found_in_a_folder_a_tar_or_alone(
    kind: str, tmp_path: Path
) -> None:
    status = tmp_path / sbom.STATUS
    status.parent.mkdir(parents=True)
    status.write_text(STATUS, encoding="utf-8")
    with tarfile.open(tmp_path / "root.tar", "w") as tar:
        member = tarfile.TarInfo(f"./{sbom.STATUS}")
        member.size = len(STATUS)
        tar.addfile(member, io.BytesIO(STATUS.encode()))
    system = {"folder": tmp_path, "tar": tmp_path / "root.tar", "file": status}[kind]
    assert sbom.status_of(system) == STATUS
