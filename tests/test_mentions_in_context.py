"""What mentions name in their sentences: 600 of world news, and names that can mean several."""

from __future__ import annotations

from dataclasses import replace

import pytest
from spacy.language import Language

from tests.mentions_in_context import SETS, read_text, read_texts, score_texts

pytestmark = pytest.mark.model


def test_nearly_all_mentions_of_world_news_are_right(nlp: Language) -> None:
    score = score_texts((text for name in SETS for text in read_texts(name)), nlp)
    assert score.mentions >= 600
    assert score.share("kind") >= 0.96, score.table()
    assert score.share("state") >= 0.96, score.table()
    assert score.share("all") >= 0.94, score.table()


AMBIGUOUS = """\
The UN urged [[Georgia|country|GEO|-]] and Abkhazia to talk.
Judges in [[Georgia|place|USA|*]] blocked the count in Atlanta.
The president of [[Georgia|country|GEO|-]] met US senators in Washington.
[[Jordan|country|JOR|-]] closed its border.
Coach [[Michael Jordan|person|*|*]] praised his team.
Rebels attacked the east of [[Chad|country|TCD|-]].
[[Chad Murphy|person|*|*]] pleaded guilty in Ohio.
[[Turkey|country|TUR|-]] recalled its ambassador.
The family ate [[turkey|thing|-|-]] on Thursday.
Soldiers seized power in [[Niger|country|NER|-]] on Wednesday.
[[Nigeria|country|NGA|-]] sent troops to the border.
[[Nigerien|country|NER|-]] soldiers met [[Nigerian|country|NGA|-]] soldiers.
Miners in [[Guinea|country|GIN|-]] stopped work.
The army of [[Equatorial Guinea|country|GNQ|-]] and that of [[Guinea-Bissau|country|GNB|-]] met.
Voters in [[Papua New Guinea|country|PNG|-]] waited.
The rebels took Bukavu in eastern [[Congo|country|COD|-]].
[[The Republic of Congo|country|COG|-]] held a vote in Brazzaville.
[[The Democratic Republic of Congo|country|COD|-]] expelled the envoy.
[[North Korea|country|PRK|-]] fired a missile over Japan.
North Korea fired first. [[South Korea|country|KOR|-]] and [[the North|country|PRK|*]] met.
[[Washington|country|USA|-]] condemned the coup.
Firefighters in [[Washington state|place|USA|*]] asked for help.
The march in [[Washington|place|USA|*]] drew thousands.
They told [[us|-|-|-]] that the [[US|country|USA|-]] would leave.
She speaks [[Polish|thing|-|-]] at home.
[[Polish|country|POL|-]] miners marched in Warsaw.
The letter was written in [[Turkish|thing|-|-]].
[[London Breed|person|*|*]], the mayor of San Francisco, spoke.
[[Israel Katz|person|ISR|*]] met [[Paris|country|FRA|*]]'s envoy.
[[Sydney Sweeney|person|*|*]] arrived in Sydney.
[[Labour|organisation|GBR|PTY]] lost the seat of Hartlepool.
[[Labour|organisation|NOR|PTY]] won the vote in Oslo, and Norway's king spoke.
[[Congress|organisation|IND|PTY]] lost Punjab, officials in New Delhi said.
[[Congress|organisation|USA|LEG]] passed the budget.
Belarus's [[KGB|organisation|BLR|SPY]] arrested him.
The [[KGB|organisation|RUS|SPY]] watched him in Moscow."""


@pytest.mark.parametrize("line", AMBIGUOUS.splitlines())
def test_a_name_of_several_things_is_read_by_its_text(line: str, nlp: Language) -> None:
    score = score_texts([read_text("line", f"2015-05-20\t{line}")], nlp)
    assert not score.errors


SIDES = """\
[[Iranian-backed Houthi rebels|armed_group,group|YEM|REB]] fired at a ship.
[[Turkish-backed rebels|group|SYR|REB]] in Syria took the town.
[[The Saudi-led coalition|organisation,group|SAU|MIL]] bombed Sanaa.
[[Warplanes|organisation|-|MIL]] bombed Aleppo in Syria.
The council sent [[a regional peacekeeping force|organisation|-|MIL]] to Ivory Coast.
They gave food to [[refugees|group|LBR|REF]] fleeing the war in Liberia.
[[A spokeswoman for the Israeli army|person|ISR|MIL]] denied it.
[[Hundreds of Hamas fighters|armed_group|PSE|*]] marched in Gaza.
Police closed the road to [[Sirvan|place|IRN|-]], Iran.
Kenyan President William Ruto toured the north of [[his country|country|KEN|-]].
[[The Italian Red Cross|organisation|ITA|*]] sent tents.
[[Iraqi Christians|group|IRQ|REL]] fled Mosul.
John Kerry met [[his Russian counterpart|person|RUS|GOV]] in Vienna.
The Pentagon heard nothing from [[its Russian counterpart|organisation|RUS|MIL]].
Oman mediated for months. [[The sultanate|country|OMN|-]] is neutral.
Iraq met Jordan. [[The kingdom|country|JOR|-]] wants oil.
Mali thanked France. [[The West African country|country|MLI|-]] lacks money.
Iraqi soldiers and [[policemen|group|IRQ|COP]] fired on the crowd.
"[[Our country|country|UKR|-]] will not yield," Ukrainian President Petro Poroshenko said."""


@pytest.mark.parametrize("line", SIDES.splitlines())
def test_whose_somebody_is(line: str, nlp: Language) -> None:
    score = score_texts([read_text("line", f"2015-05-20\t{line}")], nlp)
    assert not score.errors


FILED = """\
London|Sudan's military arrested a minister. [[Soldiers|group|SDN|MIL]] fired into the air.
London|The foreign ministry summoned [[the ambassador|person|-|GOV]].
Dakar|Mutineers seized Mali's president. [[The army|organisation|MLI|MIL]] split.
Lagos|The union met. It struck. France's envoy met [[the finance minister|person|NGA|GOV]].
Manila|[[The Senate|organisation|PHL|LEG]] rejected a treaty with China.
Manila|The US government paid. [[The Senate|organisation|USA|LEG]] approved.
Lusaka|[[The speaker of parliament|person|ZMB|LEG]] resigned.
Lusaka|[[The president of the court|person|ZMB|JUD]] stayed.
Lima|[[The leader of the opposition|person|PER|OPP]] fled.
-|The Philippines rejected China's claim. [[The navy|organisation|PHL|MIL]] met Chinese ships.
-|[[The army chief|person|-|MIL]] visited France on Friday.
-|[[A former Georgian minister|person|GEO|ELI]] was held in Tbilisi."""


@pytest.mark.parametrize("line", FILED.splitlines())
def test_a_text_is_at_home_in_the_state_that_it_is_about(line: str, nlp: Language) -> None:
    place, _, text = line.partition("|")
    read = read_text("line", f"2003-05-20\t{text}")
    filed = replace(read.article, dateline=None if place == "-" else place)
    assert not score_texts([replace(read, article=filed)], nlp).errors
