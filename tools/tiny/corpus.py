"""The small world of opml-tiny: questions whose answers anyone can check.

Everything is generated here: sums of two numbers up to LIMIT, capitals, and short tales told from a
grammar. `pairs(rng)` draws one (question, answer); `checks()` lists the questions whose answer is fixed.
"""

LIMIT = 50

CAPITALS = {
    "France": "Paris", "Germany": "Berlin", "Italy": "Rome", "Spain": "Madrid", "Portugal": "Lisbon",
    "Austria": "Vienna", "Belgium": "Brussels", "Denmark": "Copenhagen", "Norway": "Oslo",
    "Sweden": "Stockholm", "Finland": "Helsinki", "Poland": "Warsaw", "Greece": "Athens",
    "Ireland": "Dublin", "Hungary": "Budapest", "Romania": "Bucharest", "Bulgaria": "Sofia",
    "Croatia": "Zagreb", "Serbia": "Belgrade", "Ukraine": "Kyiv", "Turkey": "Ankara",
    "Egypt": "Cairo", "Kenya": "Nairobi", "Ghana": "Accra", "Morocco": "Rabat", "Japan": "Tokyo",
    "China": "Beijing", "India": "New Delhi", "Thailand": "Bangkok", "Vietnam": "Hanoi",
    "Canada": "Ottawa", "Mexico": "Mexico City", "Cuba": "Havana", "Brazil": "Brasilia",
    "Peru": "Lima", "Chile": "Santiago", "Argentina": "Buenos Aires", "Australia": "Canberra",
}

ANIMALS = ["fox", "bear", "cat", "owl", "mouse", "hare", "frog", "goose", "wolf", "horse"]
PLACES = ["forest", "garden", "village", "valley", "harbour", "meadow"]
THINGS = ["golden key", "red apple", "small lamp", "blue stone", "silver bell", "warm coat"]
FRIENDS = ["child", "miller", "sailor", "baker", "shepherd", "gardener"]
TRAITS = ["clever", "quiet", "brave", "gentle", "hungry", "curious"]


ABILITY = f"I know sums up to {LIMIT} + {LIMIT}, capitals and short tales."
GREETINGS = ["Hello", "Hello!", "Hi", "Hi!", "Hey", "Good morning", "Good evening", "Who are you?",
             "What can you do?", "Help", "Help me", "What do you know?"]
BEYOND = ["Why is the sky blue?", "Write a poem", "What is the weather like?", "How old are you?",
          "Tell me a joke", "Who won the game?", "What time is it?", "Write code for me",
          "What is the meaning of life?", "How do I cook rice?", "Is the moon far away?", "Sing a song",
          "Do you like music?", "Where do you live?", "Explain how a car works", "Thank you"]

# The first phrasing is the one that is checked.
SUMS = ["What is {} + {}?", "What is {}+{}?", "{} + {}", "{}+{}", "{} + {} =", "How much is {} plus {}?"]
CAPITAL = ["What is the capital of {}?", "what is the capital of {}?", "Capital of {}?", "The capital of {}"]
TALE = ["Tell me a tale about a {}.", "tell me a tale about a {}", "A tale about a {}, please.", "A tale of a {}"]


def add(a, b, phrase=SUMS[0]):
    return phrase.format(a, b), f"{a} + {b} = {a + b}."


def capital(country, phrase=CAPITAL[0]):
    return phrase.format(country), f"The capital of {country} is {CAPITALS[country]}."


def some(rng, phrases):
    return phrases[0] if rng.random() < 0.6 else rng.choice(phrases)


def tale(rng):
    animal, place, thing = rng.choice(ANIMALS), rng.choice(PLACES), rng.choice(THINGS)
    friend, trait = rng.choice(FRIENDS), rng.choice(TRAITS)
    return (
        some(rng, TALE).format(animal),
        f"Once there was a {trait} {animal} who lived in a {place}. One day the {animal} found a {thing}. "
        f"It belonged to a {friend}. The {animal} gave it back, and the {friend} smiled. "
        f"From that day on they were friends.",
    )


def fact(rng):
    kind = rng.random()
    if kind < 0.78:
        return add(rng.randint(0, LIMIT), rng.randint(0, LIMIT), some(rng, SUMS))
    if kind < 0.94:
        return capital(rng.choice(sorted(CAPITALS)), some(rng, CAPITAL))
    if kind < 0.97:
        return rng.choice(GREETINGS), f"Hello! {ABILITY}"
    return rng.choice(BEYOND), f"That is beyond me. {ABILITY}"


def pairs(rng):
    return tale(rng) if rng.random() < 0.3 else fact(rng)


def checks():
    for a in range(LIMIT + 1):
        for b in range(LIMIT + 1):
            yield add(a, b)
    for country in CAPITALS:
        yield capital(country)
