package opml.openai;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.util.UUID;
import opml.http.Client;
import opml.http.Events;
import opml.http.Problem;
import opml.http.Streams;
import opml.prompt.PromptStreams;
import opml.prompt.PromptView;
import opml.prompt.Prompts;

/** What resources of both forms do: ask for a completion and send it, whole or as it grows. */
abstract class CompletionResource {
  private final Prompts prompts;
  private final PromptStreams streams;
  private final Completions completions;
  private final Streams places;

  CompletionResource(
      Prompts prompts, PromptStreams streams, Completions completions, Streams places) {
    this.places = places;
    this.prompts = prompts;
    this.streams = streams;
    this.completions = completions;
  }

  /** The response to a request; {@code key} is its Idempotency-Key, or null. */
  final Response answer(Form form, CompletionRequest request, String key, RoutingContext context)
      throws Exception {
    boolean streamed = request.streamed();
    Cut cut = Cut.at(request.stop());
    places.admit(context);
    UUID id = prompts.submit(request.submission(), key, Client.of(context.request())).id();
    // A prompt is stopped when its only reader has gone; with a key another of his may ask again.
    Runnable gone = key == null ? () -> prompts.cancel(id) : () -> {};
    if (!streamed) {
      PromptView end = streams.follow(id, 0, new Waiting(gone, context.response()));
      return Response.ok(completions.whole(form, end, cut), MediaType.APPLICATION_JSON)
          .header("Opml-Receipt", end.receiptId())
          .build();
    }
    PromptView start = prompts.find(id);
    boolean usage = request.usage();
    StreamingOutput stream =
        out -> {
          try {
            stream(form, start, usage, cut, new Events(out));
          } catch (IOException e) {
            gone.run();
            throw e;
          }
        };
    return Response.ok(stream)
        .type(MediaType.SERVER_SENT_EVENTS)
        .header("Cache-Control", "no-store")
        .build();
  }

  private void stream(Form form, PromptView start, boolean usage, Cut cut, Events events)
      throws IOException {
    try {
      if (form == Form.CHAT) {
        events.send(null, null, completions.first(start));
      }
      PromptView end = streams.follow(start.id(), 0, new Chunks(form, start, cut, events));
      String rest = cut.rest();
      if (!rest.isEmpty()) {
        events.send(null, null, completions.part(form, start, rest));
      }
      events.send(null, null, completions.last(form, end, cut));
      if (usage) {
        events.send(null, null, completions.usage(form, end));
      }
      events.send(null, null, "[DONE]");
    } catch (IOException e) {
      throw e;
    } catch (Problem e) {
      events.send(null, null, completions.error(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends nothing before the end, but notices when the reader has gone. */
  private record Waiting(Runnable gone, HttpServerResponse response)
      implements PromptStreams.Reader {
    @Override
    public void text(String text, int characters) {
      idle("RUNNING");
    }

    @Override
    public void idle(String status) {
      if (response.closed()) {
        gone.run();
      }
    }
  }

  /** Sends each piece as a chunk. */
  private final class Chunks implements PromptStreams.Reader {
    private final Form form;
    private final PromptView start;
    private final Cut cut;
    private final Events events;

    Chunks(Form form, PromptView start, Cut cut, Events events) {
      this.form = form;
      this.start = start;
      this.cut = cut;
      this.events = events;
    }

    @Override
    public void text(String text, int characters) throws IOException {
      String shown = cut.grow(text);
      if (!shown.isEmpty()) {
        events.send(null, null, completions.part(form, start, shown));
      }
    }

    @Override
    public void idle(String status) throws IOException {
      events.ping();
    }
  }
}
