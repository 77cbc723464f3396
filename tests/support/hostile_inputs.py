"""The table of hostile inputs: chapters and small books, each made to break something.

What chapbook says of each stands in tests/hostile/expected.txt.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path

from support.pictures import drawing, photograph, png_header, saved

__all__ = ["BOOKS", "INPUTS", "write_books"]

Book = Mapping[str, str | bytes]
"""Files by name. A text that begins with ``->`` is a symbolic link to what follows."""

_MARKUP = {
    "script": "<script>alert(1)</script>",
    "script-src": "<script src='https://example.org/x.js'></script>",
    "script-open": "<script>alert(1)",
    "script-in-script": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "script-case": "<ScRiPt>alert(1)</sCrIpT>",
    "script-slash": "<script/x>alert(1)</script>",
    "script-nul": "<scr\0ipt>alert(1)</scr\0ipt>",
    "script-noscript": "<noscript><p title='</noscript><script>alert(1)</script>'></noscript>",
    "onerror": "<img src='p.png' alt='x' onerror='alert(1)'>",
    "onload": "<body onload='alert(1)'>words</body>",
    "onclick": "<p onclick='alert(1)'>words</p>",
    "on-any": "<b onfoo=alert(1)>words</b>",
    "on-slash": "<img/onerror=alert(1)/src=p.png alt=x>",
    "javascript": "<a href='javascript:alert(1)'>words</a>",
    "javascript-tab": "<a href='java&#9;script:alert(1)'>words</a>",
    "javascript-entity": "<a href='&#106;avascript:alert(1)'>words</a>",
    "javascript-space": "<a href=' javascript:alert(1)'>words</a>",
    "javascript-case": "<a href='JaVaScRiPt:alert(1)'>words</a>",
    "javascript-control": "<a href='\x01javascript:alert(1)'>words</a>",
    "vbscript": "<a href='vbscript:msgbox(1)'>words</a>",
    "data-html": "<a href='data:text/html,<script>alert(1)</script>'>words</a>",
    "data-picture-html": "<img alt='x' src='data:text/html,<script>alert(1)</script>'>",
    "markdown-javascript": "[words](javascript:alert(1))",
    "markdown-data": "[words](data:text/html;base64,PHNjcmlwdD4=)",
    "markdown-file": "[words](file:///etc/passwd)",
    "autolink-javascript": "<javascript:alert(1)>",
    "iframe": "<iframe src='https://example.org/'></iframe>",
    "iframe-srcdoc": "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "object": "<object data='https://example.org/x.swf'></object>",
    "embed": "<embed src='https://example.org/x.swf'>",
    "applet": "<applet code='X'></applet>",
    "form": "<form action='https://example.org/'><input name='a'><button>Go</button></form>",
    "formaction": "<button formaction='javascript:alert(1)'>Go</button>",
    "meta-refresh": "<meta http-equiv='refresh' content='0;url=https://example.org/'>",
    "base": "<base href='https://example.org/'><a href='a'>words</a>",
    "link": "<link rel='stylesheet' href='https://example.org/x.css'>",
    "link-import": "<link rel='import' href='file:///etc/passwd'>",
    "style": "<style>@import 'https://example.org/x.css'; p{background:url(https://example.org/)}</style>",
    "style-attribute": "<p style='background:url(https://example.org/x.png)'>words</p>",
    "style-escape": "<p style='background:u\\72l(https://example.org/x.png)'>words</p>",
    "style-expression": "<p style='width:expression(alert(1))'>words</p>",
    "style-image-set": "<p style='background:image-set(\"https://example.org/x.png\" 1x)'>words</p>",
    "template": "<template><script>alert(1)</script></template>",
    "frameset": "<frameset><frame src='https://example.org/'></frameset>",
    "image-remote": "<img alt='x' src='https://example.org/x.png'>",
    "image-protocol": "<img alt='x' src='//example.org/x.png'>",
    "image-file": "<img alt='x' src='file:///etc/passwd'>",
    "image-srcset": "<img alt='x' src='p.png' srcset='https://example.org/x.png 2x'>",
    "picture-source": "<picture><source srcset='https://example.org/x.png'><img alt='x' src='p.png'></picture>",
    "video-poster": "<video poster='https://example.org/x.png' src='https://example.org/x.mp4'></video>",
    "audio": "<audio src='https://example.org/x.mp3'></audio>",
    "track": "<video><track src='https://example.org/x.vtt'></video>",
    "background": "<table background='https://example.org/x.png'><tr><td>words</td></tr></table>",
    "cite": "<blockquote cite='javascript:alert(1)'>words</blockquote>",
    "ping": "<a href='https://example.org/' ping='https://example.org/ping'>words</a>",
    "svg-onload": "<svg onload='alert(1)'><title>x</title><path d='M0 0h1'/></svg>",
    "svg-script": "<svg><title>x</title><script>alert(1)</script><path d='M0 0h1'/></svg>",
    "svg-foreign": "<svg><title>x</title><foreignObject><iframe src='https://example.org/'/></foreignObject></svg>",
    "svg-use-remote": "<svg><title>x</title><use href='https://example.org/x.svg#a'/></svg>",
    "svg-image-remote": "<svg><title>x</title><image href='https://example.org/x.png' width='9' height='9'/></svg>",
    "svg-animate": "<svg><title>x</title><a><animate attributeName='href' to='javascript:alert(1)'/>words</a></svg>",
    "svg-fill": "<svg><title>x</title><path d='M0 0h1' fill='url(https://example.org/x.svg#a)'/></svg>",
    "svg-style": "<svg><title>x</title><style>path{fill:u\\72l(https://example.org/)}</style><path d='M0 0h1'/></svg>",
    "math-action": "<math><maction actiontype='statusline' href='javascript:alert(1)'><mi>x</mi></maction></math>",
    "math-annotation": "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "math-href": "<math href='javascript:alert(1)'><mi>x</mi></math>",
    "comment": "<!-- --!><script>alert(1)</script> -->",
    "comment-open": "<!-- never closed <script>alert(1)</script>",
    "cdata": "<![CDATA[<script>alert(1)</script>]]>",
    "doctype": "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><p>&x;</p>",
    "processing": "<?xml-stylesheet href='https://example.org/x.css'?><p>words</p>",
    "php": "<?php system('id'); ?>",
    "entity-bomb": "&lol9; &#x110000; &#0; &#xD800; &nosuch;",
    "attributes": "<b " + " ".join(f"a{n}=1" for n in range(2_000)) + ">words</b>",
    "attribute-long": f"<b title='{'x' * 100_000}'>words</b>",
    "tag-long": f"<{'b' * 50_000}>words",
    "deep-div": "<div>" * 3_000 + "words" + "</div>" * 3_000,
    "deep-b": "<b>" * 5_000 + "words",
    "deep-font": "<b><i><u>" * 1_000 + "<p>words</p>" * 50,
    "ends-alone": "</div></p></body></html>" * 500 + "words",
    "tables": "<table>" * 500 + "words",
    "id-doubled": "<a id='x'></a><a id='x'></a>",
    "id-strange": "<p id='\" onclick=\"x'>words</p>",
    "custom-element": "<x-foo onclick='alert(1)'>words</x-foo>",
    "portal": "<portal src='https://example.org/'></portal>",
    "dialog": "<dialog open onclose='alert(1)'>words</dialog>",
    "xmlns": "<p xmlns='http://www.w3.org/2000/svg' xmlns:x='javascript:1' x:y='z'>words</p>",
    "include": "<xi:include href='file:///etc/passwd' parse='text'/>words",
}
"""Raw HTML and addresses, in a chapter of either dialect."""

_TEXTS = {
    "quotes": ">" * 3_000 + " words",
    "lists": "".join(f"{'  ' * n}- a\n" for n in range(300)),
    "brackets": "[" * 5_000 + "words" + "]" * 5_000,
    "brackets-open": "[" * 2_000,
    "images-open": "![" * 2_000,
    "parentheses": "[a](" + "(" * 5_000,
    "stars": "*a " * 5_000,
    "stars-pairs": "*a_ " * 5_000,
    "stars-alone": "*" * 20_000,
    "underscores": "a_" * 10_000,
    "accents": "`" * 10_000 + "a" + "`" * 9_999,
    "accents-growing": " ".join("`" * n for n in range(1, 200)),
    "fences": "```\n" * 3_001,
    "fence-open": "```\n" + "words\n" * 2_000,
    "tildes": "~~" * 10_000,
    "dollars": "$" * 10_001,
    "dollars-words": "$a " * 5_000,
    "backslashes": "\\" * 20_001,
    "less-than": "<" * 20_000,
    "less-than-a": "<a " * 5_000,
    "comments-open": "<!--" * 5_000,
    "ampersands": "&" * 20_000,
    "entities": "&amp" * 10_000,
    "pipes": "|" * 3_000 + "\n" + "|-" * 3_000 + "|\n" + "|" * 3_000,
    "table-wide": "|a" * 500 + "|\n" + "|-" * 500 + "|\n" + "|1" * 500 + "|",
    "notes": "".join(f"[^{n}]: note [^{n + 1}]\n\n" for n in range(300)) + "[^0]",
    "note-in-itself": "[^a]: words [^a]\n\nwords [^a]",
    "notes-unknown": "[^x] " * 2_000,
    "references": "".join(f"[a{n}]: /u\n" for n in range(2_000)),
    "reference-in-itself": "[a]: [a]\n\n[a]",
    "title-repeated": f'[x]: /u "{"t" * 50_000}"\n\n' + "[x] " * 500,
    "address-repeated": f"[x]: /{'t' * 50_000}\n\n" + "[x] " * 500,
    "picture-repeated": f'[x]: p.png "{"t" * 50_000}"\n\n' + "![x] " * 500,
    "abbreviation-repeated": f"*[A]: {'t' * 50_000}\n\n" + "A " * 500,
    "definitions": "a\n: b\n" * 2_000,
    "headings": "# a\n\n" * 300,
    "headings-deep": "".join(f"{'#' * n} a\n\n" for n in range(1, 40)),
    "heading-long": "# " + "a" * 50_000,
    "line-long": "a" * 300_000,
    "spaces": " " * 100_000 + "words",
    "blank-lines": "\n" * 50_000 + "words",
    "tabs": "\t" * 5_000 + "words",
    "controls": "".join(map(chr, range(1, 32))) + " words",
    "bidi": "words \u202e sdrow \u2066 words \u2069",
    "separators": "a\u2028b\u2029c\x85d\x0be\x0cf",
    "combining": "a" + "\u0301" * 20_000,
    "tags-unicode": "words" + "".join(chr(0xE0000 + n) for n in range(32, 127)),
    "noncharacters": "a\ufffe\uffff\U0010ffff b",
    "zero-width": "\u200b\u200d\ufeff" * 5_000 + "words",
    "formula-deep": "$" + "{" * 2_000 + "x" + "}" * 2_000 + "$",
    "formula-fractions": "$" + "\\frac{a}" * 500 + "{b}$",
    "formula-macro": "$\\def\\a{\\a\\a}\\a$ $\\input{/etc/passwd}$ $\\href{javascript:alert(1)}{x}$",
    "formula-columns": "$$\\begin{array}{*{99999999}{c}}a\\end{array}$$",
    "shortcodes": "{{< " * 5_000,
    "shortcode-include": '{{< include "/etc/passwd" >}} {{< readfile "/etc/passwd" >}} {{% snippet "../../x" %}}',
    "braces": "{" * 20_000,
    "attribute-lists": "# a {" + "#b " * 2_000 + "}",
    "attribute-on": "words\n{: onclick=alert(1) style='background:url(https://example.org/)' }",
    "file-traversal": "![x](../../../../../etc/passwd)",
    "file-absolute": "![x](/etc/passwd)",
    "file-encoded": "![x](%2e%2e/%2e%2e/etc/passwd)",
    "file-backslash": "![x](..\\\\..\\\\etc\\\\passwd)",
    "file-nul": "![x](p.png%00.svg)",
    "file-long": f"![x]({'a' * 5_000}.png)",
    "file-folder": "![x](.)",
    "link-traversal": "[x](../../../../../etc/passwd)",
    "link-long": f"[x]({'a/' * 5_000}b.md)",
    "link-many": "[x](#nowhere) " * 1_000,
    "data-picture": f"![x](data:image/png;base64,{base64.b64encode(saved(drawing(), 'PNG')).decode()})",
    "data-no-picture": "![x](data:image/png;base64,AAAA)",
    "data-svg": "![x](data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>)",
}
"""Markdown, in a chapter of either dialect."""

_FRONT_MATTER = {
    "alias-bomb": "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)),
    "alias-loop": "a: &a [*a]",
    "tag-python": "title: !!python/object/apply:os.system ['id']",
    "tag-own": "title: !x y",
    "deep": "a: " + "[" * 5_000 + "]" * 5_000,
    "deep-block": "".join(f"{' ' * n}a:\n" for n in range(300)),
    "number": "weight: " + "9" * 10_000,
    "number-infinite": "weight: .inf",
    "number-sexagesimal": "weight: 1:" + "59:" * 2_000 + "1",
    "date": "date: 9999999999-99-99",
    "keys": "".join(f"k{n}: 1\n" for n in range(5_000)),
    "key-twice": "title: a\ntitle: b",
    "title-long": f"title: {'a' * 100_000}",
    "title-markup": "title: '<script>alert(1)</script>'",
    "title-newlines": 'title: "a\\n\\u202e\\u0007b"',
    "title-nul": 'title: "a\\0b"',
    "title-list": "title: [a, b]",
    "merge": "<<: &a {title: x}\nb: *a",
    "document-end": "title: a\n...\n--- b",
    "directive": "%YAML 9.9\n%TAG ! tag:example.org:\n---\ntitle: a",
    "language": "language: '../../etc'",
    "accent": "accent: 'red;background:url(https://example.org/)'",
    "type": "type: '\"><script>'",
}
_TOP = {
    "toml-deep": f"+++\na = {'[' * 3_000}{']' * 3_000}\n+++\nwords",
    "toml-number": f"+++\nweight = {'9' * 9_000}\n+++\n",
}
_TOP |= {"json-deep": f'{{"a": {"[" * 3_000}{"]" * 3_000}}}\n\nwords', "json-open": '{"title": "a", "b": [\n\nwords'}

_SETTINGS = {
    "theme-traversal": "theme: ../../../etc",
    "theme-absolute": "theme: /etc",
    "css-traversal": "css: ../../../../etc/passwd",
    "css-absolute": "css: /etc/passwd",
    "css-many": "css: [" + ", ".join(f"s{n}.css" for n in range(60)) + "]",
    "cover-traversal": "cover: ../../../../etc/passwd",
    "cover-absolute": "cover: /etc/passwd",
    "cover-device": "cover: /dev/zero",
    "cover-text": "cover: a.md",
    "font-absolute": "fonts: /etc/passwd",
    "extension-os": "extensions: [os]",
    "extension-object": "extensions: ['os:system']",
    "extension-import": "extensions: [antigravity]",
    "extension-snippets": "extensions: [{pymdownx.snippets: {base_path: [/]}}]",
    "extension-b64": "extensions: [{pymdownx.b64: {base_path: /etc}}]",
    "extension-codehilite": "extensions: [{markdown.extensions.codehilite: {pygments_formatter: 'os.system'}}]",
    "extension-options": "extensions: [{markdown.extensions.toc: {slugify: 'os.system'}}]",
    "extension-unknown": "extensions: [no.such.module]",
    "images-large": "images: {max_pixels: 99999999999}",
    "images-nothing": "images: {max_bytes: 0}",
    "seconds-endless": "render_seconds: .inf",
    "seconds-none": "render_seconds: 0",
    "dialect": "dialect: 'os:system'",
    "syntax": "syntax: [../x]",
    "name": "name: '../../{title}'",
    "identifier": "identifier: '\"><x/>'",
    "publisher": "publisher: '<script>alert(1)</script>'",
    "plugins": "plugins: [os]",
    "link-prefix": "link_prefix: 'javascript:'",
}
_SHEETS = {
    "import-remote": "@import 'https://example.org/x.css';",
    "import-outside": "@import '../../../../etc/passwd';",
    "import-itself": "@import 'x.css';",
    "import-media": "@import url(//example.org/x.css) print;",
    "url-remote": "p{background:url(https://example.org/x.png)}",
    "url-escape": "p{background:u\\72l(https://example.org/x.png)}",
    "url-outside": "p{background:url(../../../../etc/passwd)}",
    "url-data": "p{background:url(data:text/html,<script>alert(1)</script>)}",
    "image-set": "p{background:image-set('https://example.org/x.png' 1x)}",
    "src": "p{background:src('https://example.org/x.png')}",
    "cursor": "p{cursor:url(https://example.org/x.cur),auto}",
    "font-face": "@font-face{font-family:x;src:url(https://example.org/x.woff)}",
    "font-local": "@font-face{font-family:x;src:local('x'),url(/etc/passwd)}",
    "namespace": "@namespace 'javascript:alert(1)';",
    "expression": "p{width:expression(alert(1))}",
    "behavior": "p{behavior:url(x.htc);-moz-binding:url(x.xml#a)}",
    "variable": "p{--x:url(https://example.org/x.png);background:var(--x)}",
    "attr": "p{content:attr(title url)}",
    "deep": "p{a:" + "(" * 3_000 + ")" * 3_000 + "}",
    "deep-media": "@media all{" * 500 + "p{color:red}" + "}" * 500,
    "open": "p{color:red",
    "comment-open": "/* p{color:red}",
    "string-open": "p{content:'",
    "number": "p{width:" + "9" * 5_000 + "px}",
    "controls": "p{color:red}\x00\x01\x02",
    "selector-long": ",".join(["p"] * 20_000) + "{color:red}",
    "faults": "p{nonsense}" * 500,
    "closing-style": "</style><script>alert(1)</script>",
    "charset": "@charset 'utf-7';",
}
_DRAWINGS = {
    "script": "<script>alert(1)</script>",
    "onload": "<g onload='alert(1)'/>",
    "foreign": "<foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' src='https://example.org/'/></foreignObject>",
    "image-remote": "<image href='https://example.org/x.png' width='9' height='9'/>",
    "image-file": "<image href='file:///etc/passwd' width='9' height='9'/>",
    "use-remote": "<use href='https://example.org/x.svg#a'/>",
    "use-itself": "<g id='a'><use href='#a'/></g>",
    "use-bomb": "<g id='a0'><path d='M0 0h1'/></g>"
    + "".join(f"<g id='a{n + 1}'>" + f"<use href='#a{n}'/>" * 10 + "</g>" for n in range(9)),
    "style-import": "<style>@import 'https://example.org/x.css';</style>",
    "style-comment": "<style>p{fill:ur<!-- -->l(https://example.org/)}</style>",
    "style-attribute": "<path d='M0 0h1' style='fill:image-set(\"https://example.org/\" 1x)'/>",
    "animate-href": "<a><animate attributeName='href' to='javascript:alert(1)'/></a>",
    "link": "<a href='javascript:alert(1)'><path d='M0 0h1'/></a>",
    "filter": "<path d='M0 0h1' filter='url(https://example.org/x.svg#a)'/>",
    "deep": "<g>" * 1_000 + "</g>" * 1_000,
    "attributes": "<g " + " ".join(f"a{n}='1'" for n in range(2_000)) + "/>",
    "handler": "<handler type='application/ecmascript'>alert(1)</handler>",
    "base": "<g xml:base='https://example.org/'><use href='#a'/></g>",
}
_SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{}</svg>"
_PICTURES: dict[str, bytes] = {
    "empty.png": b"",
    "words.jpg": b"just words",
    "html.png": b"<!DOCTYPE html><script>alert(1)</script>",
    "pdf.png": b"%PDF-1.7\n",
    "huge.png": png_header(60_000, 60_000),
    "endless.png": png_header(2**31 - 1, 2**31 - 1),
    "cut.png": saved(photograph(64, 64), "PNG")[:300],
    "cut.jpg": saved(photograph(64, 64), "JPEG")[:300],
    "cut.webp": saved(photograph(64, 64), "WEBP")[:100],
    "cut.gif": saved(drawing(), "GIF")[:60],
    "tail.png": saved(drawing(), "PNG") + b"<script>alert(1)</script>" * 1_000,
    "not-well-formed.svg": b"<svg",
    "not-svg.svg": b"<html/>",
    "external.svg": b"<!DOCTYPE svg SYSTEM 'file:///etc/passwd'><svg xmlns='http://www.w3.org/2000/svg'/>",
    "entity.svg": b"<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    b"<svg xmlns='http://www.w3.org/2000/svg'><text>&x;</text></svg>",
    "laughs.svg": b"<!DOCTYPE svg [<!ENTITY a0 'lol'>"
    + b"".join(b"<!ENTITY a%d '%s'>" % (n + 1, b"&a%d;" % n * 10) for n in range(9))
    + b"]><svg xmlns='http://www.w3.org/2000/svg'><text>&a9;</text></svg>",
    "parameter.svg": b"<!DOCTYPE svg [<!ENTITY % x SYSTEM 'https://example.org/x.dtd'>%x;]>"
    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "utf7.svg": b"<?xml version='1.0' encoding='utf-7'?><svg xmlns='http://www.w3.org/2000/svg'/>",
    "sound.mp3": b"not a sound",
}
_FILES: dict[str, Book] = {
    "latin1": {"a.md": b"caf\xe9"},
    "utf16": {"a.md": "words".encode("utf-16")},
    "nul": {"a.md": b"a\0b"},
    "marks": {"a.md": b"\xef\xbb\xbf\xef\xbb\xbf# words"},
    "link-file": {"a.md": "words\n\n![x](l.png)", "l.png": "->/etc/passwd"},
    "link-chapter": {"a.md": "words", "b.md": "->/etc/passwd"},
    "link-folder": {"a.md": "words", "b": "->/etc"},
    "link-loop": {"a.md": "words", "b": "->."},
    "link-nowhere": {"a.md": "words", "b.md": "->gone.md"},
    "link-cover": {"a.md": "words", "cover.png": "->/etc/passwd"},
    "include-outside": {"a.md": "{{#include ../../../etc/passwd}}\n{{#include /etc/passwd}}", "book.toml": "[book]\n"},
    "include-itself": {
        "a.md": "{{#include a.md}}\n{{#include b.md}}",
        "b.md": "{{#include a.md}}",
        "book.toml": "[book]\n",
    },
    "name-strange": {"a \u202e\n<script>.md": "words"},
    "name-long": {f"{'a' * 250}.md": "words"},
    "deep-folders": {"/".join(["d"] * 80) + "/a.md": "words"},
    "chapters": {f"c{n}.md": "" for n in range(300)},
    "no-chapters": {},
    "not-a-mapping": {"a.md": "words", "book.yaml": "- title"},
    "settings-open": {"a.md": "words", "book.yaml": "title: 'a"},
    "settings-bytes": {"a.md": "words", "book.yaml": b"title: \xff\xfe"},
}


def _books() -> Iterator[tuple[str, Book]]:
    for dialect in ("markdown", "commonmark"):
        said = {"book.yaml": f"dialect: {dialect}\n"}
        yield f"html-{dialect}", {f"{name}.md": f"{text}\n" for name, text in _MARKUP.items()} | said
        rest = {f"{name}.md": f"{text}\n" for name, text in _TEXTS.items() if not name.endswith("-repeated")}
        yield f"text-{dialect}", rest | said
        repeated = {f"{name}.md": f"{text}\n" for name, text in _TEXTS.items() if name.endswith("-repeated")}
        yield f"repeated-{dialect}", repeated | said
    yield from ((f"front-{name}", {"a.md": f"---\n{text}\n---\nwords\n"}) for name, text in _FRONT_MATTER.items())
    yield from ((f"front-{name}", {"a.md": text}) for name, text in _TOP.items())
    yield from ((f"book-{name}", {"a.md": "words\n", "book.yaml": f"{line}\n"}) for name, line in _SETTINGS.items())
    yield from (
        (f"css-{n}", {"a.md": "words\n", "x.css": css, "book.yaml": "css: x.css\n"}) for n, css in _SHEETS.items()
    )
    drawings = {f"{name}.svg": _SVG.format(svg).encode() for name, svg in _DRAWINGS.items()} | _PICTURES
    shown = {f"{name.replace('.', '-')}.md": f"![x]({name})\n" for name in drawings}
    yield "pictures", {**shown, **drawings}
    yield from ((f"files-{name}", files) for name, files in _FILES.items())


BOOKS: dict[str, Book] = dict(_books())
INPUTS = len(BOOKS) + 2 * (len(_MARKUP) + len(_TEXTS)) + len(_DRAWINGS) + len(_PICTURES) - 7
"""How many there are; seven books are only what theirs are in."""


def write_books(folder: Path) -> None:
    """Writes each book into a folder of its name in `folder`."""
    for name, files in BOOKS.items():
        root = folder / name
        root.mkdir(parents=True)
        whole, said = files, files.get("book.yaml", "")
        if isinstance(said, str) and (not said or said.endswith("\n")):
            whole = {**files, "book.yaml": f"title: {name}\nauthor: Nobody\nlanguage: en\n{said}"}
        for path, text in {"p.png": saved(drawing(), "PNG"), **whole}.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(text, str) and text.startswith("->"):
                file.symlink_to(text[2:])
            else:
                file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
