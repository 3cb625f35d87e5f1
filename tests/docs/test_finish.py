"""Pages load what they show."""

from docs.website import finish


def test_only_the_page_of_results_has_the_index_of_words():
    page = """<script src="../_static/doctools.js?v=1"></script>
    <script src="../_static/searchtools.js"></script>
    <script src="../_static/language_data.js"></script>
    <script src="../searchindex.js"></script><p>text</p>"""
    assert finish.without_search(page) == (
        '<script src="../_static/doctools.js?v=1"></script><p>text</p>'
    )


def test_icons_that_no_page_shows_are_left_out():
    script = (
        'a={"sun":[1,2,[],"f1","M0"],"adjust-it":[1,2,[9680,"half"],"f2","M1"],'
        'moon:[1,2,[],"f3",["M2","M3"]]};b=1'
    )
    assert finish.only(script, {"half"}) == (
        'a={"adjust-it":[1,2,[9680,"half"],"f2","M1"],};b=1'
    )
    assert finish.only(script, {"sun", "half", "moon"}) == script
