"""Verbs we know, for telling a sentence from a phrase."""

from __future__ import annotations

from vendors.text_model.offline.words import word_set

VERBS = word_set(
    """is are was were be been has have had do does did can could will would should may might must isn't aren't
    wasn't don't doesn't didn't can't won't it's that's there's here's we're you're they're we've i'm he's she's
    let's goes go went come comes came make makes made take takes took give gives gave get gets got open opens
    opened start starts started begin begins began launch launches launched arrive arrives arrived help helps
    helped need needs want wants wanted bring brings brought join joins joined meet meets met learn learns see sees saw
    find finds found use uses used keep keeps kept try tries tried visit build builds built run runs ran work works
    worked grow grows grew sell sells sold cost costs offer offers offered save saves saved become becomes
    became turn turns turned hold holds held move moves moved live lives lived eat eats ate drink drinks drank
    add put puts cut cuts mix stir boil bake cook serve pour heat wait let lets leave leaves left say says said
    tell tells told know knows knew think thinks thought feel feels felt look looks looked show shows showed
    stay stays play plays played read reads write writes wrote lead leads led lose loses lost pay pays paid send
    sends sent stop stops stopped fall falls fell rise rises rose reach reaches reached contain contains protect
    protects last lasts lasted taste tastes love loves loved believe plant plants planted reduce reduces happen
    happens happened create creates created produce produces produced allow allows provide provides include
    includes included means mean support supports cross crosses crossed walk walks walked drive drives drove fly
    flies flew sleep sleeps slept break breaks broke remember remembers forget forgets forgot change changes
    changed melt melts drain toss fold whisk knead roast chop slice season sprinkle garnish rest cool preheat
    combine spread press remove rinse soak book call buy order register sign donate share follow follows
    subscribe vote apply check click download scan thank wash brush clean protect respect explore discover
    celebrate support switch choose wear stretch carry drop close press watch listen write"""
)

_FINITE = word_set(
    """is are was were be been has have had do does did will would can could shall should may might must went came
    made took gave got began brought met saw found kept ran grew sold became held ate drank stood wrote led lost
    paid sent fell rose left said told knew thought felt built bought taught caught chose drove flew slept broke
    spoke won lived goes comes makes takes gives gets needs helps brings keeps becomes contains happens allows
    provides includes means owns"""
)


def is_finite(word: str) -> bool:
    """Whether `word` is surely a verb, in a form that is never a noun."""
    low = word.lower()
    return low in _FINITE or _looks_past(low)


def is_base(word: str) -> bool:
    """Whether `word` is a verb as an order begins with it, such as `save`."""
    low = word.lower()
    return low in VERBS and not is_finite(low) and (not low.endswith("s") or low in ("press", "discuss", "toss"))


def _looks_past(word: str) -> bool:
    return len(word) > 4 and word.endswith("ed") and not word.endswith(("eed", "hundred", "red"))
