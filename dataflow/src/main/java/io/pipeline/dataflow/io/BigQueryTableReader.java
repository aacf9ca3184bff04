package io.pipeline.dataflow.io;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.bigquery.Bigquery;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.GoogleCredentials;
import io.pipeline.dataflow.options.JobSettings;
import io.pipeline.dataflow.schema.RestTables;
import io.pipeline.dataflow.schema.TableSchema;
import io.pipeline.dataflow.store.TableReader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Reads tables through BigQuery's REST API, which shows a schema change at once. */
public final class BigQueryTableReader implements TableReader {
  private static final int NOT_FOUND = 404;
  private static final int TIMEOUT_MS = 20_000;
  private static final List<String> SCOPES =
      List.of(
          "https://www.googleapis.com/auth/bigquery",
          "https://www.googleapis.com/auth/cloud-platform");

  private final Bigquery bigquery;
  private final String projectId;
  private final String dataset;

  public BigQueryTableReader(JobSettings settings) throws IOException {
    projectId = settings.projectId();
    dataset = settings.dataset();
    HttpRequestInitializer credentials =
        settings.bigqueryEndpoint() == null
            ? new HttpCredentialsAdapter(
                GoogleCredentials.getApplicationDefault().createScoped(SCOPES))
            : request -> {};
    Bigquery.Builder builder =
        new Bigquery.Builder(
                new NetHttpTransport(),
                GsonFactory.getDefaultInstance(),
                request -> {
                  credentials.initialize(request);
                  request.setConnectTimeout(TIMEOUT_MS);
                  request.setReadTimeout(TIMEOUT_MS);
                })
            .setApplicationName("pipeline-dataflow");
    if (settings.bigqueryEndpoint() != null) {
      builder.setRootUrl(settings.bigqueryEndpoint());
    }
    bigquery = builder.build();
  }

  @Override
  public Optional<TableSchema> read(String table) throws IOException {
    try {
      return Optional.of(
          RestTables.schemaOf(bigquery.tables().get(projectId, dataset, table).execute()));
    } catch (GoogleJsonResponseException refused) {
      if (refused.getStatusCode() == NOT_FOUND) {
        return Optional.empty();
      }
      throw refused;
    }
  }
}
