package com.clockleaf.streams;

import com.clockleaf.streams.Settings.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code java -jar payroll-totals.jar SETTINGS}. Runs until it is told to stop (SIGTERM) or cannot
 * go on; then it ends with status 1, having committed nothing of what it could not finish, and
 * whoever supervises it starts it again. Wrong usage or settings are status 2.
 */
public final class Main {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    if (args.length != 1) {
      System.err.println("Usage: java -jar payroll-totals.jar SETTINGS");
      System.exit(2);
    }
    try {
      Settings settings = Settings.load(Path.of(args[0]));
      provideTotalsTopic(settings);
      run(settings);
    } catch (SettingsException | IOException error) {
      System.err.println(args[0] + ": " + error.getMessage());
      System.exit(2);
    } catch (ExecutionException error) {
      LOG.error("the totals' topic cannot be provided", error.getCause());
      System.exit(1);
    }
  }

  private static void run(Settings settings) throws InterruptedException {
    SchemaSource schemas =
        new SchemaRegistry(
            settings.registryUrl(), settings.registryCredentials(), settings.registryPatience());
    PayrollTotals totals = new PayrollTotals(settings.topics(), schemas);
    KafkaStreams streams = new KafkaStreams(totals.topology(), settings.streams());
    CountDownLatch over = new CountDownLatch(1);
    streams.setStateListener(
        (now, before) -> {
          LOG.info("now {}", now);
          if (now == State.ERROR || now == State.NOT_RUNNING) over.countDown();
        });
    streams.setUncaughtExceptionHandler(
        error -> {
          LOG.error("cannot go on", error);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    Thread stop = new Thread(() -> stop(streams), "stop");
    Runtime.getRuntime().addShutdownHook(stop);
    streams.start();
    over.await();
    // An orderly end comes from the hook, and the process is ending already.
    if (!stop.isAlive()) System.exit(1);
  }

  private static void stop(KafkaStreams streams) {
    if (streams.close(STOP_TIMEOUT)) LOG.info("stopped");
    else LOG.warn("did not stop in time; what it had not finished is done again at the next start");
  }

  /**
   * Streams makes its own topics but not its output. Compacted: the newest total of each key is
   * what counts.
   */
  private static void provideTotalsTopic(Settings settings)
      throws InterruptedException, ExecutionException {
    NewTopic topic =
        new NewTopic(
                settings.topics().totals(),
                Optional.of(settings.totalsPartitions()),
                Optional.empty())
            .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    try (Admin admin = Admin.create(adminProperties(settings.streams()))) {
      admin.createTopics(Set.of(topic)).all().get();
    } catch (ExecutionException error) {
      if (!(error.getCause() instanceof TopicExistsException)) throw error;
    }
  }

  /** Where the broker is and who we are; the admin client has no use for the rest. */
  private static Properties adminProperties(Properties streams) {
    Properties admin = new Properties();
    new StreamsConfig(streams)
        .getAdminConfigs("clockleaf-payroll-totals")
        .forEach(
            (name, value) -> {
              if (AdminClientConfig.configNames().contains(name)) admin.put(name, value);
            });
    return admin;
  }
}
