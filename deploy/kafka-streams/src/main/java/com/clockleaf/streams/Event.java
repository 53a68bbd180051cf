package com.clockleaf.streams;

/**
 * What a record of a source topic says to these totals; whatever its bytes are, it is one of these.
 */
sealed interface Event {

  /** An event of ours. Both kinds belong to a person and happened at an instant. */
  sealed interface Told extends Event {
    String employeeId();

    /** When it happened, UTC milliseconds, by the event's own account. */
    long timestamp();
  }

  /** What a person gets in a run. A later calculation of the same run has a higher revision. */
  record SalaryCalculated(
      long timestamp,
      String employeeId,
      String runId,
      String month,
      String currency,
      long grossMinor,
      long netMinor,
      long revision)
      implements Told {}

  /** Where a person works from then on. */
  record DepartmentKnown(long timestamp, String employeeId, String departmentId) implements Told {}

  /** A record that says nothing about pay or departments. */
  record PassedOver(Reason reason) implements Event {}

  /** Why a record is passed over; part of a metric's name. */
  enum Reason {
    /** No value at all. */
    TOMBSTONE("tombstone"),
    /** An event of a type that these totals have no use for. */
    OTHER_TYPE("other-type"),
    /** Not in the wire format: too short, or another first byte than 0. */
    UNFRAMED("unframed"),
    /** Bytes that are no record of the schema they name. */
    UNREADABLE("unreadable"),
    /** A record of the right name that lacks a field, or has one that makes no sense. */
    INCOMPLETE("incomplete"),
    /**
     * Its key is not the person it is about, so it may lie in another partition than what belongs
     * to it.
     */
    MISPLACED("misplaced");

    private final String label;

    Reason(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }

    /** What no bridge of ours ever writes, so that somebody should look at it. */
    boolean isOdd() {
      return this != TOMBSTONE && this != OTHER_TYPE;
    }
  }
}
