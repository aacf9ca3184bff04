package io.pipeline.dataflow.schema;

/**
 * The rule of {@code _quarantine} for an event whose table does not exist, from its labels. {@code
 * test/contracts/tables/quarantine.json} holds it equal to table-manager's.
 */
public enum NewTables {
  /** table-manager creates the table, and the event waits for it. */
  CREATE,
  /** A limit on tables is reached: the whole message goes to {@code _quarantine}. */
  TABLE_GUARD,
  /** A person approves the type first: the whole message goes to {@code _quarantine}. */
  AWAITING_APPROVAL,
  /** A contract rejects new types: the message is a dead letter. */
  TYPE_NOT_ALLOWED;

  /**
   * The verb of a contract counts before the guard, because a person decides about the type. Any
   * other text is no verb, because a label that is not understood must not stop a pipeline.
   *
   * @param newTypes the label {@code pipeline_new_types}, or null
   * @param guard the label {@code pipeline_table_guard}, or null
   */
  static NewTables ofLabels(String newTypes, String guard) {
    if ("approve".equals(newTypes)) {
      return AWAITING_APPROVAL;
    }
    if ("reject".equals(newTypes)) {
      return TYPE_NOT_ALLOWED;
    }
    return "on".equals(guard) ? TABLE_GUARD : CREATE;
  }

  /** True if a contract forbids the table, which a person may allow at any time. */
  public boolean isByContract() {
    return this == AWAITING_APPROVAL || this == TYPE_NOT_ALLOWED;
  }
}
