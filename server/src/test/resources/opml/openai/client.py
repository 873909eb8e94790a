"""OpenAI's own client against the server: client.py BASE_URL. Every line that it prints is a thing that held."""
import sys

import openai

client = openai.OpenAI(base_url=sys.argv[1] + "/v1", api_key="none", max_retries=0)
MODEL = "opml-tiny"
QUESTION = [{"role": "user", "content": "What is 2 plus 3?"}]


def holds(what, condition):
    if not condition:
        sys.exit("does not hold: " + what)
    print(what)


def refused(what, kind, code, param=None, **fields):
    try:
        client.chat.completions.create(**{"model": MODEL, "messages": QUESTION, **fields})
    except kind as e:
        holds(what, e.code == code and (param is None or e.param == param) and e.body["message"])
    else:
        sys.exit("not refused: " + what)


models = client.models.list()
holds("models are listed", MODEL in [m.id for m in models] and models.data[0].object == "model")
holds("a model is found", client.models.retrieve(MODEL).id == MODEL)
try:
    client.models.retrieve("nobody")
    sys.exit("an unknown model was found")
except openai.NotFoundError as e:
    holds("an unknown model is not found", e.code == "model_not_found")

whole = client.chat.completions.create(model=MODEL, messages=QUESTION, max_tokens=8, temperature=0)
answer = whole.choices[0].message.content
holds("a completion", whole.object == "chat.completion" and whole.choices[0].message.role == "assistant" and answer)
holds("its reason", whole.choices[0].finish_reason in ("stop", "length"))
holds("its usage", whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens)
holds("its receipt", whole.opml["receiptId"].startswith("0x"))

raw = client.chat.completions.with_raw_response.create(model=MODEL, messages=QUESTION, max_tokens=8)
holds("headers of a completion", raw.headers["Opml-Receipt"].startswith("0x") and raw.headers["x-request-id"])

chunks = list(client.chat.completions.create(model=MODEL, messages=QUESTION, max_tokens=8, temperature=0, stream=True))
text = "".join(c.choices[0].delta.content or "" for c in chunks)
holds("a stream says the same", text == answer)
holds("chunks of one completion", len({c.id for c in chunks}) == 1 and chunks[0].object == "chat.completion.chunk")
holds("the role comes first", chunks[0].choices[0].delta.role == "assistant")
holds("the reason comes last", chunks[-1].choices[0].finish_reason in ("stop", "length"))
holds("no usage unless asked", all(c.usage is None for c in chunks))

chunks = list(client.chat.completions.create(model=MODEL, messages=QUESTION, max_completion_tokens=8, stream=True,
                                             stream_options={"include_usage": True}))
holds("usage when asked, in a chunk without choices", chunks[-1].choices == [] and chunks[-1].usage.total_tokens > 0)

with client.chat.completions.stream(model=MODEL, messages=QUESTION, max_tokens=8) as events:
    told = [e.delta for e in events if e.type == "content.delta"]
holds("the client's stream helper", "".join(told) == answer)

cut = client.chat.completions.create(model=MODEL, messages=QUESTION, max_tokens=8, stop=answer[1])
holds("stop ends the text before it",
      cut.choices[0].message.content == answer[:1].split(answer[1])[0] and cut.choices[0].finish_reason == "stop")
chunks = list(client.chat.completions.create(model=MODEL, messages=QUESTION, max_tokens=8, stop=[answer[1], "zzz"], stream=True))
holds("stop in a stream", "".join(c.choices[0].delta.content or "" for c in chunks) == cut.choices[0].message.content)

hot = dict(model=MODEL, messages=[{"role": "user", "content": "Tell me a tale about a fox."}], max_tokens=24, temperature=2)
one, two = (client.chat.completions.create(seed=7, **hot).choices[0].message.content for _ in range(2))
holds("a seed repeats an answer", one == two)
holds("a negative seed", client.chat.completions.create(seed=-5, **hot).object == "chat.completion")
holds("seeds matter", len({client.chat.completions.create(seed=s, **hot).choices[0].message.content for s in range(6)}) > 1)

one = client.chat.completions.create(model=MODEL, messages=QUESTION, max_tokens=1)
holds("max_tokens counts tokens", one.usage.completion_tokens == 1 and one.choices[0].finish_reason == "length")

turns = [{"role": "system", "content": "Answer briefly."}, *QUESTION, {"role": "assistant", "content": "5"},
         {"role": "user", "content": [{"type": "text", "text": "What is 1 plus 1?"}]}]
many = client.chat.completions.create(model=MODEL, messages=turns, max_tokens=4)
holds("many turns", many.usage.prompt_tokens > whole.usage.prompt_tokens)
same = client.chat.completions.create(model=MODEL, messages=[{**turns[0], "role": "developer"}, *turns[1:]], max_tokens=4)
holds("developer is system", same.opml["inputHash"] == many.opml["inputHash"])
other = client.chat.completions.create(model=MODEL, messages=turns[1:], max_tokens=4)
holds("the system message is part of the input", other.opml["inputHash"] != many.opml["inputHash"])
client.chat.completions.create(model=MODEL, messages=QUESTION, max_tokens=1, user="u", metadata={"a": "b"}, n=1,
                               presence_penalty=0, response_format={"type": "text"}, logprobs=False)
holds("labels and defaults are taken", True)

refused("n", openai.BadRequestError, "unsupported_field", "n", n=2)
refused("tools", openai.BadRequestError, "unsupported_field", "tools",
        tools=[{"type": "function", "function": {"name": "f"}}])
refused("logprobs", openai.BadRequestError, "unsupported_field", "logprobs", logprobs=True)
refused("json", openai.BadRequestError, "unsupported_field", "response_format", response_format={"type": "json_object"})
refused("penalties", openai.BadRequestError, "unsupported_field", "frequency_penalty", frequency_penalty=1)
refused("logit_bias", openai.BadRequestError, "unsupported_field", "logit_bias", logit_bias={"5": 1})
refused("fields that nobody knows", openai.BadRequestError, "unsupported_field", "best_of", extra_body={"best_of": 2})
refused("reasoning_effort", openai.BadRequestError, "unsupported_field", "reasoning_effort", reasoning_effort="low")
refused("an unknown model", openai.NotFoundError, "model_not_found", model="nobody")
refused("no messages", openai.BadRequestError, "empty_prompt", messages=[])
refused("a role", openai.BadRequestError, "invalid_field", "messages[0].role", messages=[{"role": "bard", "content": "x"}])
refused("an answer at the end", openai.BadRequestError, "invalid_field", "messages",
        messages=[*QUESTION, {"role": "assistant", "content": "5"}])
refused("an image", openai.BadRequestError, "invalid_field", "messages[0].content",
        messages=[{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}])
refused("a full context", openai.BadRequestError, "context_length_exceeded",
        messages=[{"role": "user", "content": "one two three " * 1500}])
refused("temperature", openai.BadRequestError, "invalid_field", "temperature", temperature=3)
refused("two limits", openai.BadRequestError, "invalid_field", "max_tokens", max_tokens=1, max_completion_tokens=2)
refused("stream options without stream", openai.BadRequestError, "invalid_field", "stream_options",
        stream_options={"include_usage": True})
