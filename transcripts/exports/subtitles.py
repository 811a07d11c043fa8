"""TTML: the text profile of IMSC 1 (W3C TTML Profiles for Internet Media Subtitles and Captions 1.0.1)."""

from .captions import captions
from .told import Told, attribute, stamp, xml

PROFILE = "http://www.w3.org/ns/ttml/profile/imsc1/text"


def write(told: Told) -> str:
    """The captions in one region at the foot of the picture, each with its speaker as its agent."""
    agents = "".join(
        f'<ttm:agent xml:id="{one.key}" type="person"><ttm:name type="full">{xml(one.name)}</ttm:name></ttm:agent>'
        for one in told.people.values()
    )
    shown = []
    for place, one in enumerate(captions(told), 1):
        tongue = f' xml:lang="{xml(one.language)}"' if one.language and one.language != told.language else ""
        lines = "<br/>".join(xml(line) for line in one.lines)
        shown.append(
            f'<p xml:id="c{place}" begin="{stamp(one.start)}" end="{stamp(one.end)}" '
            f'ttm:agent="{one.person.key}"{tongue}>{lines}</p>'
        )
    described = "\n".join([told.standing, *told.remarks])
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" '
        'xmlns:tts="http://www.w3.org/ns/ttml#styling" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" '
        f'xml:lang={attribute(told.language)} xml:space="preserve" ttp:timeBase="media" ttp:profile="{PROFILE}">'
        f"<head><metadata><ttm:title>{xml(told.title)}</ttm:title><ttm:desc>{xml(described)}</ttm:desc>{agents}"
        "</metadata><styling>"
        '<style xml:id="caption" tts:fontFamily="proportionalSansSerif" tts:fontSize="80%" tts:lineHeight="125%" '
        'tts:textAlign="center" tts:color="#ffffff" tts:backgroundColor="#000000c0"/></styling><layout>'
        '<region xml:id="foot" tts:origin="10% 75%" tts:extent="80% 20%" tts:displayAlign="after" style="caption"/>'
        f'</layout></head><body><div region="foot">\n{chr(10).join(shown)}\n</div></body></tt>\n'
    )
