"""Writes the script that the site's charts run on, from the installed package; `python -m tools.bundle_vega`.

It is kept beside the stylesheet: to bundle it takes seconds, and a site is published in less.
"""

from importlib.metadata import version

import vl_convert

from phaseout.adapters.pages.drawing import VERSION
from phaseout.settings import PROJECT

SCRIPT = PROJECT / "data" / "pages" / "assets" / "vega.js"
SNIPPET = "window.vegaEmbed = vegaEmbed;"
LICENCE = """\
Copyright (c) 2015-2023, University of Washington Interactive Data Lab
All rights reserved.

Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this list of conditions and the following
   disclaimer.
2. Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following
   disclaimer in the documentation and/or other materials provided with the distribution.
3. Neither the name of the copyright holder nor the names of its contributors may be used to endorse or promote
   products derived from this software without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY,
WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF
THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE."""


def head() -> str:
    """Return what the script begins with: which versions it was bundled from, and by whom it may be used."""
    made_of = f"Vega, Vega-Lite {VERSION} and Vega-Embed, bundled by vl-convert-python {version('vl-convert-python')}"
    return f"/*! {made_of}; written by `python -m tools.bundle_vega`.\n\n{LICENCE}\n*/\n"


def main() -> None:
    """Write the script."""
    # In a scope of its own: a bundle names thousands of things, and a page keeps its names for itself.
    bundle = vl_convert.javascript_bundle(SNIPPET, vl_version=VERSION)
    SCRIPT.write_text(f"{head()}(function () {{\n{bundle}\n}})();\n", "utf-8")


if __name__ == "__main__":
    main()
