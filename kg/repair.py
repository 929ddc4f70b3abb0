"""What the parser gets wrong and grammar can tell: lemmas, and main verbs hung below their subject.

Changes a document in place, before any other room looks at it.
"""

from __future__ import annotations

from spacy import attrs, symbols
from spacy.tokens import Doc, Span, Token

from kg.attachment import (
    mend_antecedent,
    mend_both,
    mend_content,
    mend_gerund,
    mend_marked,
    mend_measured,
    mend_possessor,
    mend_predicative,
    mend_relative,
    mend_supplement,
)
from kg.complements import (
    mend_dative,
    mend_doer,
    mend_object,
    mend_premodifier,
    mend_stranded,
    mend_subjunctive,
)
from kg.coordination import (
    FINITE,
    NOMINAL,
    PAST,
    SUBJECTS,
    mend_apposition,
    mend_asyndeton,
    mend_conjunct,
    mend_joined_names,
    mend_parataxis,
    mend_series,
    mend_shared_head,
)
from kg.lexicon import fold_lemma, known_verbs, operators, predicates, verb_forms, word_class

__all__ = ["mend_lemmas", "mend_parse"]

RELATIVE = frozenset({"WDT", "WP", "WP$"})
PERFECT = frozenset({"has", "have", "had"})


def mend_lemmas(doc: Doc) -> None:
    """Put right the verb lemmas that the model's rules cut too short or leave too long, in place.

    "staged" comes out as "stag" and "cordoned" as "cordone": where a lemma is no verb of our
    tables and the one with or without a final "e" is, that one is meant.
    """
    known, forms = known_verbs(), verb_forms()
    for at in (doc.to_array(attrs.POS) == symbols.VERB).nonzero()[0].tolist():
        token = doc[at]
        lemma = token.lemma_.lower()
        if token.lower_ in forms:
            token.lemma_ = forms[token.lower_]
        elif fold_lemma(lemma) not in known:
            for other in (lemma + "e", lemma.removesuffix("e"), lemma[:-1]):
                doubled = (
                    other == lemma[:-1] and lemma[-1:] != lemma[-2:-1] and not lemma.endswith("e")
                )
                if not doubled and fold_lemma(other) in known:
                    token.lemma_ = other
                    break


def mend_parse(doc: Doc) -> None:
    """Put right what no English sentence can be, in place.

    - A finite verb without subject or relative pronoun does not modify the noun before it: where
      that noun heads the sentence, the verb does ("The party, which has seats, called for talks").
    - "has since suspended imports": between auxiliary and adverb of time on the left and a noun
      on the right stands the main verb, not an adjective.
    - A noun with a subject of its own in a "that" clause is a verb ("demanded that he resign",
      "until Suran withdraws").
    - So is one with a subject between "that" and another noun ("proposed that strikes target
      convoys").
    - A participle between a subject and its verb modifies the subject ("The Red Cross operating in
      Suran said"): English has no clause with a bare subject there.
    - A participle with a subject of its own before a noun is the verb, and the noun its object.
    - A subject hangs on the verb, not on its auxiliary.
    - The noun phrase between the comma of a fronted phrase and a finite verb without subject is
      that subject, no member of the phrase ("With the signing of a pact, both sides agreed").
    - An event noun behind a verb without object is its object, no adverbial ("broke up a march").
    - A preposition takes the noun phrase right behind it, and a participle behind that modifies it
      ("to five officers holed up in the fort"); it is stranded only where something is fronted.
    - Between a verb of giving and a bare thing, a name is whom it is given to ("gave Ukraine
      weapons"): English modifies with the adjective ("Ukrainian weapons").
    - Of two past verbs side by side with a noun behind, the second is a participle before that
      noun ("returned looted bronzes to Suran").
    - A noun phrase between a verb and a bare infinitive without "to" is the infinitive's subject
      ("demanded the army leave").
    - Conjuncts go on with what they can go on with (`kg.coordination`).
    - A verb in the third person is no modifier ("UN halts food aid"); a headline's verb without a
      subject behind a clause and a comma goes on with its subject ("Soldiers topple president,
      promise elections").
    - "That" with a place in a relative clause is its pronoun ("a plan that they rejected").
    - The name before "whose" is no subject of that clause but of the verb behind it ("Ada Voss,
      whose party lost, resigned").
    - A participle behind a comma says something of the clause, where the noun before it can't do
      what it tells ("announced their withdrawal from the pact, accusing Oslo of bad faith").
    - "On" before a stretch of time and "earlier" belongs to the verb ("fired on a day earlier").
    - "Which" stands for no person and "who" for no thing ("a man of the charity, which sued").
    - A conjunction has no object: the name behind it is the subject ("after Suran arrested him").
    - What is said of a noun is no noun with a modifier ("called the strike appalling"), and what
      is denied is told by a gerund ("denied funding rebels").
    - People behind "by" and an event noun do what the noun tells ("stopped a march by students"):
      an active verb has its doer before it.
    """
    for sentence in list(doc.sents):
        _mend_headline(sentence.root)
    for sentence in list(doc.sents):
        root = sentence.root
        verb = _hidden_main_verb(root) if root.pos_ in NOMINAL else None
        if verb is not None:
            _promote(sentence, root, verb)
        elif root.pos_ in NOMINAL or root.lemma_ == "have":
            _mend_perfect(root)
    known = known_verbs()
    pos, dep, lower = doc.to_array([attrs.POS, attrs.DEP, attrs.LOWER]).T
    for at in ((pos == symbols.NOUN) & (dep == symbols.npadvmod)).nonzero()[0].tolist():
        mend_object(doc[at])
    for at in (lower == doc.vocab.strings["by"]).nonzero()[0].tolist():
        mend_doer(doc[at])
    for at in (lower == doc.vocab.strings["on"]).nonzero()[0].tolist():
        mend_measured(doc[at])
    for at in (lower == doc.vocab.strings["both"]).nonzero()[0].tolist():
        mend_both(doc[at])
    for at in (dep == symbols.cc).nonzero()[0].tolist():
        mend_joined_names(doc[at])
    for at in (dep == symbols.oprd).nonzero()[0].tolist():
        mend_predicative(doc[at])
    persona = (lower == doc.vocab.strings["persona"]) | (lower == doc.vocab.strings["personae"])
    for at in persona.nonzero()[0].tolist():
        _mend_persona(doc[at])
    for sentence in list(doc.sents):
        _mend_fronted(sentence.root)
    for at in (lower == doc.vocab.strings["that"]).nonzero()[0].tolist():
        mend_relative(doc[at])
    for at in (dep == symbols.conj).nonzero()[0].tolist():
        mend_conjunct(doc[at])
        mend_shared_head(doc[at])
    for at in (dep == symbols.appos).nonzero()[0].tolist():
        mend_apposition(doc[at])
    for at in (dep == symbols.acl).nonzero()[0].tolist():
        mend_supplement(doc[at])
    for at in (dep == symbols.relcl).nonzero()[0].tolist():
        mend_antecedent(doc[at])
        mend_content(doc[at])
    for at in ((dep == symbols.dobj) & (pos == symbols.NOUN)).nonzero()[0].tolist():
        mend_dative(doc[at])
        mend_gerund(doc[at])
    for at in (dep == symbols.ccomp).nonzero()[0].tolist():
        mend_subjunctive(doc[at])
        mend_parataxis(doc[at])
        mend_series(doc[at])
    clauses = (dep == symbols.ccomp) | (dep == symbols.advcl) | (dep == symbols.xcomp)
    for at in (clauses & (pos == symbols.VERB)).nonzero()[0].tolist():
        mend_premodifier(doc[at])
    for at in (dep == symbols.mark).nonzero()[0].tolist():
        mend_marked(doc[at])
    for at in (dep == symbols.nsubj).nonzero()[0].tolist():
        if doc[at].head.dep_ in {"aux", "auxpass"}:
            doc[at].head = doc[at].head.head
        mend_asyndeton(doc[at])
        mend_possessor(doc[at])
        _mend_participle(doc[at])
        _mend_attributive(doc[at])
        _mend_clause(doc[at])
        mend_stranded(doc[at])
    pos, dep = doc.to_array([attrs.POS, attrs.DEP]).T
    clauses = (dep == symbols.ccomp) | (dep == symbols.advcl)
    for at in ((pos == symbols.NOUN) & clauses).nonzero()[0].tolist():
        token = doc[at]
        lemma = token.lemma_.lower()
        if fold_lemma(lemma) in known and any(c.dep_ == "nsubj" for c in token.children):
            plural = token.tag_ == "NNS"
            token.pos_, token.tag_, token.lemma_ = "VERB", "VBZ" if plural else "VB", lemma


def _mend_headline(root: Token) -> None:
    """Find the verb of a headline that is taken for a modifier, or for the head of its clause."""
    if root.pos_ in NOMINAL:
        for verb in root.lefts:
            if verb.tag_ == "VBZ" and verb.dep_ in {"compound", "nmod", "amod"} and verb.i > 0:
                _make_headline(root, verb)
                return
    if root.tag_ not in FINITE or any(c.dep_ in SUBJECTS for c in root.children):
        return
    for clause in root.lefts:
        between = [t for t in root.doc[clause.right_edge.i + 1 : root.i] if t.dep_ != "advmod"]
        if (
            clause.dep_ == "ccomp"
            and clause.tag_ == root.tag_
            and [t.text for t in between] == [","]
            and any(c.dep_ in SUBJECTS for c in clause.children)
        ):
            clause.head, clause.dep_ = clause, "ROOT"
            root.head, root.dep_ = clause, "conj"
            return


def _make_headline(root: Token, verb: Token) -> None:
    """Make a verb among the modifiers of a noun the head, what stands before it its subject."""
    before = [c for c in root.lefts if c.i < verb.i]
    if not before or before[-1].pos_ not in NOMINAL or before[-1].right_edge.i != verb.i - 1:
        return
    subject = before[-1]
    verb.head, verb.dep_, verb.pos_ = verb, "ROOT", "VERB"
    subject.head, subject.dep_ = verb, "nsubj"
    for child in before[:-1]:
        child.head = subject
    clauses = [c for c in root.rights if c.dep_ in {"advcl", "punct", "ccomp"}]
    root.head, root.dep_ = verb, "dobj"
    for child in clauses:
        child.head = verb


def _mend_clause(subject: Token) -> None:
    """Make a noun with a subject, between "that" and another noun, the verb of that clause.

    "proposed that strikes target convoys": "target" is what the strikes do to the convoys.
    """
    noun = subject.head
    thing = noun.head
    if noun.pos_ != "NOUN" or noun.dep_ not in {"nmod", "compound"} or thing.dep_ != "dobj":
        return
    mark = next((c for c in thing.children if c.dep_ == "mark" and c.i < noun.i), None)
    if mark is None or not mark.i < subject.i < noun.i < thing.i:
        return
    if fold_lemma(noun.lemma_.lower()) not in known_verbs():
        return
    noun.head, noun.dep_, noun.pos_, noun.tag_ = thing.head, "ccomp", "VERB", "VBP"
    mark.head = thing.head = noun


def _mend_participle(subject: Token) -> None:
    """Let a participle behind a subject modify it, where the two are taken for a clause."""
    participle, verb = subject.head, subject.head.head
    if participle.dep_ not in {"nsubj", "csubj"} or participle.tag_ != "VBG":
        return
    if subject.pos_ in {"NOUN", "PROPN"} and subject.i == participle.i - 1 < verb.i:
        subject.head, subject.dep_ = verb, "nsubj"
        participle.head, participle.dep_ = subject, "acl"


def _mend_attributive(subject: Token) -> None:
    """Make a participle with a subject of its own the verb of its clause ("Seoul scrambled fighter
    jets after bombers entered")."""
    verb, thing = subject.head, subject.head.head
    if verb.dep_ != "amod" or verb.tag_ not in PAST or not subject.i < verb.i < thing.i:
        return
    root = thing.head
    if thing.dep_ == "nsubj":
        marks = [c for c in root.lefts if c.dep_ == "mark" and c.i > thing.i]
        if root.dep_ != "ROOT" or not marks:
            return
    elif thing.dep_ != "ROOT":
        return
    verb.head, verb.dep_, verb.tag_, verb.pos_ = verb, "ROOT", "VBD", "VERB"
    if root.i != thing.i:
        root.head, root.dep_ = verb, "advcl"
    thing.head, thing.dep_ = verb, "dobj"


def _mend_persona(persona: Token) -> None:
    """Make "persona non grata", "personae non gratae" what somebody is declared to be."""
    verb, behind = persona.head, persona.doc[persona.i + 1 : persona.i + 3]
    if [t.lower_ for t in behind] not in (["non", "grata"], ["non", "gratae"]):
        return
    top = behind[-1] if persona.head.i == behind[-1].i else persona
    while verb.pos_ != "VERB" and verb.head.i != verb.i:
        verb = verb.head
    if top.dep_ in {"pobj", "conj"} and verb.i < persona.i - 1:
        noun = persona.nbor(-1)  # "of the consulate personae non gratae": the name ran on
        for child in persona.lefts:
            if child.i != noun.i:
                child.head = noun
        noun.head, noun.dep_ = top.head, top.dep_
    elif persona.dep_ != "ccomp":
        return
    for child in list(persona.children):
        if child.dep_ == "nsubj":
            child.head, child.dep_ = verb, "dobj"
    for part in behind:
        part.head = persona
    persona.head, persona.dep_, persona.pos_, persona.tag_ = verb, "oprd", "NOUN", "NN"
    persona.lemma_ = "persona"


def _mend_fronted(verb: Token) -> None:
    """Give a finite verb without subject the last member of a fronted phrase behind its comma."""
    left = [c for c in verb.lefts if c.dep_ not in {"aux", "auxpass", "neg", "advmod", "punct"}]
    tensed = verb.tag_ in FINITE - {"MD"} or any(
        c.dep_ in {"aux", "auxpass"} and c.tag_ in FINITE for c in verb.lefts
    )
    if verb.pos_ != "VERB" or not tensed or not left or any(c.dep_ != "prep" for c in left):
        return
    for noun in left[-1].subtree:
        before = noun.left_edge.i - 1
        if noun.dep_ != "conj" or noun.pos_ not in NOMINAL or before <= left[-1].i:
            continue
        if verb.doc[before].text == "," and not any(c.dep_ == "cc" for c in noun.head.children):
            passive = any(c.dep_ == "auxpass" for c in verb.children)
            noun.head, noun.dep_ = verb, "nsubjpass" if passive else "nsubj"
            return


def _hidden_main_verb(root: Token) -> Token | None:
    """Find the finite verb that hangs as a modifier on the noun that is its subject, or on one in
    that noun's own phrase ("Doctors from two groups donated medicine")."""
    for child in [*root.children, *_phrase_modifiers(root)]:
        if child.dep_ not in {"acl", "relcl", "advcl"} or child.pos_ not in {"VERB", "AUX"}:
            continue
        below = list(child.children)
        if child.i < root.i or any(
            c.dep_ in SUBJECTS | {"mark"} or c.tag_ in RELATIVE for c in below
        ):
            continue
        finite = child.tag_ in FINITE or any(
            c.dep_ in {"aux", "auxpass"} and c.tag_ in FINITE for c in below
        )
        # "called" is past tense and participle: what takes an object or complement is no passive
        active = child.tag_ == "VBN" and (
            any(_is_active(c) for c in (*below, *child.conjuncts))
            or _is_phrasal(child)
            or _is_march(child)
        )
        if finite or (active and not any(c.dep_ == "agent" for c in below)):
            return child
    return None


def _phrase_modifiers(noun: Token) -> list[Token]:
    """List what modifies the nouns behind prepositions in a noun's phrase."""
    heads = [c for prep in noun.rights if prep.dep_ == "prep" for c in prep.rights]
    return [c for head in heads if head.dep_ == "pobj" for c in head.rights if c.dep_ == "acl"]


def _is_active(part: Token) -> bool:
    """Tell what no passive participle has: an object or clause, a past tense beside it."""
    return part.dep_ in {"dobj", "ccomp", "xcomp"} or part.tag_ == "VBD"


def _is_phrasal(verb: Token) -> bool:
    """Tell a verb with the preposition that makes another verb of it ("called for")."""
    lemma = fold_lemma(verb.lemma_.lower())
    keys = [(f"{lemma} {c.lower_}", "v") for c in verb.children if c.dep_ == "prep"]
    return any(key in operators() for key in keys)


def _is_march(verb: Token) -> bool:
    """Tell a verb of protest, which has no passive ("Hundreds protested in Suran")."""
    lines = predicates().get((fold_lemma(verb.lemma_.lower()), "v"), ())
    return bool(lines) and not lines[-1].conditions and lines[-1].event == "PROTEST"


def _mend_perfect(root: Token) -> None:
    """Make a participle behind "has since" the main verb of its sentence."""
    for noun in root.children:
        if noun.dep_ not in {"dobj", "appos", "attr"} or noun.pos_ not in NOMINAL:
            continue
        for verb in noun.children:
            if verb.dep_ != "amod" or verb.tag_ != "VBN" or verb.i < 2:
                continue
            adverb, auxiliary = verb.nbor(-1), verb.nbor(-2)
            if auxiliary.lower_ in PERFECT and adverb.lower_ in word_class("TIMEADVERB"):
                _make_main(root, auxiliary, verb, noun)
                return


def _make_main(root: Token, auxiliary: Token, verb: Token, noun: Token) -> None:
    others = [c for c in root.children if c.i not in {auxiliary.i, noun.i}]
    verb.head, verb.dep_, verb.pos_ = verb, "ROOT", "VERB"
    noun.head, noun.dep_ = verb, "dobj"
    auxiliary.head, auxiliary.dep_, auxiliary.pos_ = verb, "aux", "AUX"
    if root.i == auxiliary.i:  # "Norland has since suspended imports": its parts go to the verb
        for child in others:
            child.head = verb
    else:
        root.head, root.dep_ = verb, "nsubj"


def _promote(sentence: Span, root: Token, verb: Token) -> None:
    """Make a verb the head of its sentence and the old head its subject."""
    passive = any(c.dep_ == "auxpass" for c in verb.children)
    behind = [c for c in root.children if c.i > verb.i or c.dep_ == "punct"]
    verb.head = verb
    verb.dep_ = "ROOT"
    root.head = verb
    root.dep_ = "nsubjpass" if passive else "nsubj"
    for child in behind:
        if sentence.start <= child.i < sentence.end and child.i > verb.i:
            child.head = verb
