"""How pjsua2.sh packs what it compiled.

Not pjproject's own, which compiles the wrapper last and alone.
"""

import os

from setuptools import Extension, setup

setup(
    name="pjsua2",
    version=os.environ["PJ_VERSION"],
    description="SIP user agent library: PJSIP's Python binding",
    url="https://www.pjsip.org",
    license="GPL-2.0-or-later",
    license_files=["COPYING"],
    py_modules=["pjsua2"],
    ext_modules=[
        Extension(
            "_pjsua2",
            sources=[],
            extra_objects=["pjsua2_wrap.o"],
            extra_link_args=[*os.environ["LINK"].split(), "-s", "-Wl,-z,relro,-z,now"],
        )
    ],
)
