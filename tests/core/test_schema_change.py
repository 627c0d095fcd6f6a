"""What another schema does to the annotations of a document."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from schema_pairs import (
    FORMER,
    changed,
    changes,
    held,
    proposal,
    says,
    schema,
    span,
    told_of,
    unit,
)

from annotator.core.edits import content
from annotator.core.fitting import Fitting
from annotator.core.schema_change import change_document

RENAMED = changed(
    ("LOC = {", "PLACE = {"), migrate='[migrate.layer.entity.labels]\nLOC = "PLACE"\n'
)
NO_MISC = changed(("MISC = {}\n", ""), migrate="[migrate.layer.entity.labels]\nMISC = false\n")


def test_a_schema_of_the_same_names_changes_nothing() -> None:
    made = (span("a"), span("c", "CLAIM"), says("r", ("what", "c"), ("who", "a")))
    assert changes(changed(('key = "1"', 'key = "9"')), *made) == ((), [])


def test_a_label_is_renamed_with_all_else_as_it_was() -> None:
    before = span("a", "LOC", attributes=held("mood", "good"), note="n", flagged=True, revision=4)
    found, told = changes(RENAMED, before, span("b"), proposal(span("p", "LOC")))
    assert found[0].after == replace(before, label="PLACE", revision=5)
    assert found[1].after.proposed.label == "PLACE"
    assert len(found) == 2
    assert told_of(told) == [
        ("renamed", "label entity.LOC", "entity.PLACE", "a"),
        ("renamed", "label entity.LOC", "entity.PLACE", "sug-p"),
    ]


def test_labels_are_merged_and_what_then_coincides_is_told() -> None:
    source = changed(
        ('GPE = { key = "3" }\n', ""), migrate='[migrate.layer.entity.labels]\nGPE = "LOC"\n'
    )
    found, told = changes(source, span("a", "LOC"), span("b", "GPE"), span("far", "GPE", (9, 12)))
    assert [(c.after.id, c.after.label) for c in found] == [("b", "LOC"), ("far", "LOC")]
    overlaps = [row for row in told_of(told) if row[0] == "overlap"]
    assert overlaps == [
        ("overlap", "layer entity", "overlap = nested", "a"),
        ("overlap", "layer entity", "overlap = nested", "b"),
    ]


def test_a_label_moves_to_another_layer() -> None:
    source = changed(
        ("MISC = {}\n", ""),
        migrate='[migrate.layer.entity.labels]\nMISC = {layer = "claim", label = "CLAIM"}\n',
    )
    found, _ = changes(source, span("a", "MISC"))
    assert (found[0].after.layer, found[0].after.label) == ("claim", "CLAIM")


def test_a_layer_is_renamed_and_its_attributes_with_it() -> None:
    source = changed(
        ("[layer.entity", "[layer.thing"),
        ('layers = ["entity"]', 'layers = ["thing"]'),
        migrate='[migrate.layer.entity]\nto = "thing"\n',
    )
    made = span("a", attributes=held("mood", "bad"))
    tie = says("r", ("what", "c"), ("who", "a"))
    found, told = changes(source, made, span("c", "CLAIM"), tie)
    assert [c.after for c in found] == [replace(made, layer="thing", revision=2)]
    assert told_of(told) == [("renamed", "label entity.PER", "thing.PER", "a")]


def test_what_is_neither_there_nor_named_is_refused_with_what_would_help() -> None:
    source = changed(
        ("MISC = {}\n", ""),
        ('"good", "bad", "odd"', '"good", "bad"'),
        ('values = ["calm", "loud"]', 'values = ["calm"]'),
        ("[relation.says.roles.who]", "[relation.says.roles.whom]"),
    )
    odd = span("b", attributes=held("mood", "odd"))
    tie = says("r", ("what", "c"), ("who", "b"), attributes=held("tone", "loud"))
    found, told = changes(source, span("a", "MISC"), odd, span("c", "CLAIM"), tie)
    assert found == ()
    assert [(e.kind, e.what, e.hint, id) for e, id in told] == [
        (
            "refused",
            "label entity.MISC",
            '[migrate.layer.entity.labels] MISC = "NEW NAME", or false to delete',
            "a",
        ),
        (
            "refused",
            "value entity.mood.odd",
            '[migrate.layer.entity.attributes.mood.values] odd = "NEW NAME", or false to delete',
            "b",
        ),
        (
            "refused",
            "role says.who",
            '[migrate.relation.says.roles] who = "NEW NAME", or false to delete',
            "r",
        ),
        (
            "refused",
            "value says.tone.loud",
            '[migrate.relation.says.attributes.tone.values] loud = "NEW NAME", or false to delete',
            "r",
        ),
    ]


def test_a_deleted_label_takes_what_stands_on_it_and_every_loss_is_told() -> None:
    gone, kept, claim = span("a", "MISC"), span("b"), span("c", "CLAIM")
    broken = says("r1", ("what", "c"), ("who", "a"))
    shorter = says("r2", ("what", "c"), ("who", "a"), ("who", "b"))
    outer = says("r3", ("what", "r1"), ("who", "b"))
    found, told = changes(NO_MISC, gone, kept, claim, outer, broken, shorter)
    after = {c.record.id: c.after for c in found}
    assert set(after) == {"a", "r1", "r2", "r3"}
    assert after["a"] is after["r1"] is after["r3"] is None
    assert after["r2"].arguments == (shorter.arguments[0], shorter.arguments[2])
    assert sorted(told_of(told)) == [
        ("deleted", "label entity.MISC", "", "a"),
        ("deleted", "relation type says", "too few arguments are left", "r1"),
        ("deleted", "relation type says", "too few arguments are left", "r3"),
        ("deleted", "role says.what", "what stands in it is deleted", "r3"),
        ("deleted", "role says.who", "what stands in it is deleted", "r1"),
        ("deleted", "role says.who", "what stands in it is deleted", "r2"),
    ]


def test_proposed_relations_go_with_the_proposed_spans_they_stand_on() -> None:
    made = proposal(span("a", "MISC")), span("c", "CLAIM")
    tie = proposal(says("r", ("what", "c"), ("who", "a")))
    found, _ = changes(NO_MISC, *made, tie)
    assert [(c.record.id, c.after) for c in found] == [("sug-a", None), ("sug-r", None)]


def test_attributes_and_values_are_renamed_merged_and_dropped() -> None:
    source = changed(
        ("[layer.entity.attributes.mood]", "[layer.entity.attributes.tone]"),
        ('"good", "bad", "odd"', '"well", "ill"'),
        migrate="""
[migrate.layer.entity.attributes.mood]
to = "tone"
values = { good = "well", bad = "ill", odd = false }
""",
    )
    both, odd = held("mood", "good", "bad", "odd"), held("mood", "odd")
    found, told = changes(source, span("a", attributes=both), span("b", attributes=odd))
    assert found[0].after.attributes == held("tone", "well", "ill")
    assert found[1].after.attributes == ()
    assert ("deleted", "value entity.mood.odd", "", "b") in told_of(told)


def test_an_attribute_of_fewer_labels_or_values_keeps_what_fits_where_that_is_said() -> None:
    narrower = (
        'multi = true\nvalues = ["good", "bad", "odd"]',
        'values = ["good", "bad", "odd"]\nlabels = ["LOC"]',
    )
    made = (
        span("a", "LOC", attributes=held("mood", "bad", "good")),
        span("b", "PER", attributes=held("mood", "good")),
    )
    found, told = changes(changed(narrower), *made)
    assert found == ()
    assert [e.kind for e, _ in told] == ["refused", "refused"]
    migrate = "[migrate.layer.entity.attributes]\nmood = false\n"
    found, told = changes(changed(narrower, migrate=migrate), *made)
    assert [c.after.attributes for c in found] == [held("mood", "bad"), ()]
    assert [e.kind for e, _ in told] == ["deleted", "deleted"]


def test_a_role_that_takes_less_drops_what_no_longer_fits_where_that_is_said() -> None:
    narrower = ('layers = ["entity"]\nactors = true', 'layers = ["entity"]\nlabels = ["LOC"]')
    made = (
        span("a"),
        span("b", "LOC"),
        span("c", "CLAIM"),
        says("r1", ("what", "c"), ("who", "a"), ("who", "b")),
        says("r2", ("what", "c"), ("who", "someone"), kind="actor"),
    )
    found, told = changes(changed(narrower), *made)
    assert found == ()
    assert {(e.what, e.to) for e, _ in told} == {
        ("role says.who", "no longer takes entity.PER"),
        ("role says.who", "no longer takes an actor"),
    }
    migrate = "[migrate.relation.says.roles]\nwho = false\n"
    found, _ = changes(changed(narrower, migrate=migrate), *made)
    assert [c.after and len(c.after.arguments) for c in found] == [2, None]


def test_a_layer_for_something_else_is_refused() -> None:
    source = changed(
        ('scope = "sentence"\n[layer.worth.labels]', "scope = 'document'\n[layer.worth.labels]")
    )
    _, told = changes(source, unit("u", "worth", "CHECK"))
    assert told[0][0].to == "is on a sentence, and layer worth is for a document now"


def test_rules_that_annotations_do_not_keep_are_told_where_they_are_new() -> None:
    source = changed(
        ('overlap = "any"', 'overlap = "none"'),
        ("[layer.entity.attributes.mood]\n", "[layer.entity.attributes.mood]\nrequired = true\n"),
        ("min = 1\n", "min = 2\n"),
    )
    made = (
        span("a"),
        span("b", attributes=held("mood", "good")),
        span("c", "CLAIM", (10, 20)),
        span("d", "CLAIM", (15, 25)),
        says("r", ("what", "c"), ("who", "a")),
    )
    found, told = changes(source, *made)
    assert found == ()
    assert told_of(told) == [
        ("missing", "attribute entity.mood is required", "", "a"),
        ("missing", "role says.what takes 2 or more", "", "r"),
        ("overlap", "layer claim", "overlap = none", "c"),
        ("overlap", "layer claim", "overlap = none", "d"),
    ]
    assert change_document(made, schema(source), Fitting(schema(source)), _fail) == ()


def _fail(*told: object) -> None:
    raise AssertionError(told)


def test_two_layers_merged_may_leave_two_labels_on_a_sentence() -> None:
    source = changed(
        ('[layer.topic]\nscope = "sentence"\n[layer.topic.labels]\nWAR = {}\n', ""),
        ("NO = {}\n", "NO = {}\nWAR = {}\n"),
        migrate='[migrate.layer.topic]\nto = "worth"\n',
    )
    made = unit("u", "worth", "NO"), unit("v", "topic", "WAR"), unit("w", "topic", "WAR", "other")
    found, told = changes(source, *made)
    assert [(c.after.id, c.after.layer) for c in found] == [("v", "worth"), ("w", "worth")]
    assert [id for e, id in told if e.kind == "overlap"] == ["u", "v"]


LABELS = st.sampled_from(("PER", "LOC", "GPE", "MISC"))
MOODS = st.lists(st.sampled_from(("good", "bad", "odd")), unique=True, max_size=3)
SOURCES = st.sampled_from(
    (
        RENAMED,
        NO_MISC,
        FORMER.replace("version = 1", "version = 3"),
        changed(
            ('GPE = { key = "3" }\n', ""),
            ('"good", "bad", "odd"', '"good", "bad"'),
            migrate="""
[migrate.layer.entity.labels]
GPE = "LOC"
[migrate.layer.entity.attributes.mood.values]
odd = "bad"
""",
        ),
    )
)


@given(st.data(), SOURCES)
def test_what_is_carried_fits_and_is_not_carried_again(data: st.DataObject, source: str) -> None:
    spans = [
        span(
            f"s{n}", data.draw(LABELS), (n, n + 3), attributes=held("mood", *moods) if moods else ()
        )
        for n, moods in enumerate(data.draw(st.lists(MOODS, max_size=5)))
    ]
    claim = span("c", "CLAIM")
    ties = [says(f"r{n}", ("what", "c"), ("who", s.id)) for n, s in enumerate(spans)]
    made = (*spans, claim, *ties)
    found, told = changes(source, *made)
    assert not [e for e, _ in told if e.kind == "refused"]
    after = {r.id: r for r in made} | {c.record.id: c.after for c in found}
    left = [r for r in after.values() if r is not None]
    again = change_document(left, schema(source), Fitting(schema(source)), lambda e, r: None)
    assert again == ()
    assert {content(c.before) for c in found} <= {content(r) for r in made}
    gone = sorted(id for id, r in after.items() if r is None)
    assert len([e for e, id in told if e.kind == "deleted" and id in gone]) >= len(gone)
