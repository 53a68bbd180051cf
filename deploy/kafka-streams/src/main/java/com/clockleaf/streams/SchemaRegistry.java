package com.clockleaf.streams;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry that speaks the Confluent protocol: {@code GET /schemas/ids/{id}}. An id means the
 * same schema for ever, so each is asked for once. A registry that is away, or does not know an id
 * yet, is asked again for as long as it may take; one that refuses us is not. Safe for use by many
 * threads.
 */
final class SchemaRegistry implements SchemaSource {

  private static final Logger LOG = LoggerFactory.getLogger(SchemaRegistry.class);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final String url;
  private final Optional<String> authorization;
  private final Duration patience;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(REQUEST_TIMEOUT).build();
  private final ObjectMapper json = new ObjectMapper();
  private final Map<Integer, Schema> known = new ConcurrentHashMap<>();

  SchemaRegistry(String url, Optional<Credentials> credentials, Duration patience) {
    this.url = url.replaceAll("/+$", "");
    this.authorization = credentials.map(Credentials::basic);
    this.patience = patience;
  }

  record Credentials(String user, String password) {
    private String basic() {
      byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
  }

  @Override
  public Schema byId(int id) {
    // Not computeIfAbsent: that would hold up other threads while this one waits.
    Schema schema = known.get(id);
    if (schema == null) {
      schema = patiently(id);
      known.put(id, schema);
    }
    return schema;
  }

  private Schema patiently(int id) {
    long deadline = System.nanoTime() + patience.toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      String failure;
      Throwable cause = null;
      try {
        HttpResponse<String> response = http.send(request(id), BodyHandlers.ofString());
        if (response.statusCode() == 200) return schemaIn(response.body(), id);
        failure = "it answered " + response.statusCode();
        if (isFinal(response.statusCode())) throw unavailable(id, failure, null);
      } catch (IOException error) {
        failure = "it cannot be reached";
        cause = error;
      } catch (InterruptedException error) {
        Thread.currentThread().interrupt();
        throw unavailable(id, "interrupted", error);
      }
      if (System.nanoTime() + pause.toNanos() > deadline) throw unavailable(id, failure, cause);
      LOG.warn("schema {} is not there yet: {}; asking again", id, failure);
      sleep(pause, id);
      pause = pause.multipliedBy(2);
      if (pause.compareTo(LONGEST_PAUSE) > 0) pause = LONGEST_PAUSE;
    }
  }

  private HttpRequest request(int id) {
    // Ids have 32 bits and no sign.
    URI uri = URI.create(url + "/schemas/ids/" + Integer.toUnsignedString(id));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(REQUEST_TIMEOUT)
            .header("Accept", "application/vnd.schemaregistry.v1+json, application/json");
    authorization.ifPresent(value -> request.header("Authorization", value));
    return request.build();
  }

  /**
   * What asking again does not change: all that is our own fault but 404 (not there yet) and 429
   * (too often).
   */
  private static boolean isFinal(int status) {
    return status >= 400 && status < 500 && status != 404 && status != 429;
  }

  private Schema schemaIn(String body, int id) {
    try {
      return new Schema.Parser().parse(json.readTree(body).path("schema").asText(""));
    } catch (IOException | AvroRuntimeException error) {
      throw unavailable(id, "what it answered is no Avro schema", error);
    }
  }

  private void sleep(Duration pause, int id) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
      throw unavailable(id, "interrupted", error);
    }
  }

  private SchemaUnavailableException unavailable(int id, String why, Throwable cause) {
    String which = Integer.toUnsignedString(id);
    return new SchemaUnavailableException("schema " + which + " from " + url + ": " + why, cause);
  }
}
