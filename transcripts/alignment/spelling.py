"""English spellings, contractions, fillers and months: what a reader takes for the same word."""

import functools
import re


def listed(words: str) -> list[str]:
    """Words written one after another."""
    return words.split()


CONTRACTED = {
    word: tuple(meaning.split("_"))
    for word, meaning in (
        pair.split(":")
        for pair in listed(
            "can't:can_not cannot:can_not won't:will_not shan't:shall_not ain't:is_not i'm:i_am let's:let_us "
            "gonna:going_to 'cause:because wanna:want_to gotta:got_to kinda:kind_of 'em:them y'all:you_all "
        )
    )
}
ENDINGS = {"n't": "not", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would"}
IS = frozenset(listed("it he she that there what who here where how when this everything nobody somebody everyone"))

OUR = re.compile(
    r"^((?:dis|un)?(?:col|fav|hon|behavi|neighb|lab|harb|hum|rum|vap|arm|flav|od|sav|splend|endeav|cand|clam|glam|val"
    r"|vig))our"
)
SAME = dict(
    pair.split(":")
    for pair in listed(
        "mister:mr missus:mrs doctor:dr saint:st versus:v vs:v okay:ok centre:center centres:centers "
        "metre:meter metres:meters theatre:theater litre:liter litres:liters defence:defense offence:offense "
        "licence:license practise:practice judgement:judgment judgements:judgments programme:program "
        "programmes:programs grey:gray cheque:check cheques:checks kerb:curb tyre:tire tyres:tires "
        "plough:plow enquiry:inquiry enquiries:inquiries enquire:inquire whilst:while amongst:among "
        "towards:toward afterwards:afterward catalogue:catalog dialogue:dialog jewellery:jewelry ageing:aging "
        "sceptical:skeptical acknowledgement:acknowledgment archaeological:archeological "
        "archaeology:archeology fulfil:fulfill instalment:installment instalments:installments pence:penny "
        "pounds:pound dollars:dollar euros:euro cents:cent alright:allright mum:mom "
    )
)
DOUBLED = re.compile(
    r"^(travel|cancel|label|model|level|fuel|signal|total|counsel|quarrel|channel|dial|equal)l(ed|ing|er|ers|or)$"
)

FILLERS = frozenset(listed("um umm uh uhh er err erm ah ahh eh hm hmm hmmm mm mmm huh oh"))
KOREAN_FILLERS = frozenset(listed("어 음 에 아 어어 음음 에에"))
CHINESE_FILLERS = frozenset("嗯呃啊哦唔额")

NEGATIONS = frozenset(listed("not no never none nobody nothing neither nor nowhere without hardly"))
KOREAN_NEGATION = re.compile(r"^(안|못)$|않|없|아니|못하|말[고라]")
CHINESE_NEGATION = frozenset("不没未无非别否勿莫")

MONTHS = {
    name: number
    for number, name in enumerate(
        listed("january february march april may june july august september october november december"), start=1
    )
}
MONTHS |= {name[:3]: number for name, number in MONTHS.items() if name != "may"} | {"sept": 9}
WEEKDAYS = frozenset(listed("monday tuesday wednesday thursday friday saturday sunday"))

FUNCTION = frozenset(
    listed(
        "a an the and or but so of to in on at by for with from as that this these those it its is are "
        "was were be been being am do does did has have had will would shall should can could may might "
        "must i you he she we they me him her us them my your his our their there here then than if just "
        "well now very also too which who whom what when where how up out into about over"
    )
)
INFLECTIONS = ("s", "es", "d", "ed", "ing", "ly", "er", "r", "n", "en", "al", "'s")


@functools.lru_cache(maxsize=100_000)
def expanded(word: str) -> tuple[str, ...]:
    """The plain words a small-letter English word stands for: "don't" is do not, "colours" is colors."""
    if word in CONTRACTED:
        return CONTRACTED[word]
    for ending, meaning in ENDINGS.items():
        if word.endswith(ending) and len(word) > len(ending):
            return same(word.removesuffix(ending)), meaning
    if word.endswith("'s") and word[:-2] in IS:
        return word[:-2], "is"
    plain = same(word.replace("'", ""))
    return (plain,) if plain else ()


def same(word: str) -> str:
    """One spelling for the British and the American form."""
    if word in SAME:
        return SAME[word]
    if match := OUR.match(word):
        return match.group(1) + "or" + word[match.end() :]
    if match := DOUBLED.match(word):
        return match.group(1) + match.group(2)
    if len(word) >= 6:
        word = re.sub(r"is(e|ed|es|er|ers|ing|ation|ations)$", r"iz\1", word)
        word = re.sub(r"ys(e|ed|es|ing)$", r"yz\1", word)
    return word


def same_stem(one: str, other: str) -> bool:
    """Whether two words differ in their ending alone: wall and walls, claim and claimed."""
    short, long = sorted((one, other), key=len)
    if len(short) < 3:
        return False
    for ending in INFLECTIONS:
        stem = long.removesuffix(ending)
        if stem != long and (stem == short or (len(stem) >= 3 and any(stem + e == short for e in INFLECTIONS))):
            return True
        if stem != long and len(stem) >= 3 and (stem + "e" == short or (stem[-1] == stem[-2] and stem[:-1] == short)):
            return True
    return short.removesuffix("y") + "ie" in (long.removesuffix("s"), long.removesuffix("d"))
