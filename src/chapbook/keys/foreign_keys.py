"""Front matter that means something to a site generator but not in a book; chapbook ignores it silently."""

# ruff: noqa: SIM905 - these word lists are easier to read as text

from __future__ import annotations

__all__ = ["FOREIGN_KEYS", "FOREIGN_TYPES"]

FOREIGN_KEYS = frozenset(
    # Hugo and its common themes
    "audio bookcollapsesection bookcomments bookflatsection bookhidden bookhref booksearchexclude booktoc build "
    "cascade categories category comments cover data editpost excludesearch expirydate featured featured_image "
    "hasmath headless hideauthor hidemeta hidesummary highlight icon images iscjklanguage keywords kind lastmod "
    "layout license linktitle locale markup math mathjax katex menu menus mermaid module modified name navigation next "
    "noindex outputs params pin prev private publishdate related resources robots robotsnoindex searchhidden series "
    "share showbreadcrumbs showreadingtime showtoc sidebar sitemap sitemap_exclude summary tag tags target taxonomies "
    "thumbnail toc tocopen topic topics translationkey url videos disableshare disabletitle geekdocnav geekdochidden "
    "geekdocflatsection chapter alwaysopen collapsible hidden disabletoc pre post "
    # Jekyll, Just the Docs, GitHub Pages
    "date_modified excerpt excerpt_separator grand_parent has_children has_toc image last_modified last_modified_at "
    "nav_exclude nav_order nav_title parent permalink published redirect_from redirect_to render_with_liquid "
    "search_exclude toc_label toc_sticky header classes sticky tagline "
    # Pelican and Nikola
    "lang_ref link modified nocomments previewimage save_as status template translation wp-status "
    # mdBook, GitBook, HonKit, Docusaurus, MkDocs, VuePress, Zola, Eleventy, Obsidian, Hexo, Astro
    "collapsed cssclass cssclasses custom_edit_url created created_at date_created disablenunjucks draft_date "
    "editlink editlinks eleventycomputed eleventyexcludefromcollections eleventynavigation extra footer hero hide "
    "hide_table_of_contents hide_title id in_search_index insert_anchor_links lastupdated order page_template "
    "pagefind pagination_label pagination_next pagination_prev position publish render search sidebar_class_name "
    "sidebar_custom_props sidebar_label sidebar_position sidebardepth slug_override sort_by transparent unlisted "
    "updated updated_at uuid vsscript created_date paginate_by generate_feed "
    # pandoc, Quarto, R Markdown, Jupytext, and what people note for themselves
    "abstract author-meta author-title bibliography biblio-style citation citations classoption colorlinks csl "
    "documentclass editor editor_options execute fontsize format geometry header-includes indent institute jupyter "
    "jupytext kernelspec lang-ref link-citations linestretch lof lot mainfont nocite notes numbersections output "
    "papersize part reference-section-title site thanks toc-title toctitle titlepage version words wordcount "
    "word_count reading_time revision source sources style theme time title-meta title-prefix mainmatter "
    "contributors editors translator translators illustrator rating people places pov timeline "
    # keys of a whole book, in case a chapter has them
    "accessibility copyright cover-image css dialect direction epub-cover-image extensions fonts identifier isbn "
    "publisher publication_date rights smart subject subjects subtitle toc_depth toc-depth".split()
)
"""In lower case."""

FOREIGN_TYPES = frozenset(
    "article articles blog blogs book books content default doc docs documentation guide home list note notes page "
    "pages part post posts reference section single story text tutorial tutorials wiki".split()
)
"""Values of ``type`` in Hugo, its themes and notebooks; such a chapter is a plain chapter."""
