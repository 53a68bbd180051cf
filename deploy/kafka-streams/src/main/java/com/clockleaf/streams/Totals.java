package com.clockleaf.streams;

import com.clockleaf.streams.Event.SalaryCalculated;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What the topology keeps, in the order in which one comes from the other. Amounts are minor units
 * of the currency.
 */
final class Totals {

  private Totals() {}

  @JsonPropertyOrder({"employeeId", "runId"})
  record ResultKey(String employeeId, String runId) {}

  /**
   * What a run comes to for a person, by its newest calculation. Department null = none was known
   * then.
   */
  @JsonPropertyOrder({"month", "departmentId", "currency", "grossMinor", "netMinor", "revision"})
  record Result(
      String month,
      String departmentId,
      String currency,
      long grossMinor,
      long netMinor,
      long revision) {

    static Result of(SalaryCalculated salary, String departmentId) {
      return new Result(
          salary.month(),
          departmentId,
          salary.currency(),
          salary.grossMinor(),
          salary.netMinor(),
          salary.revision());
    }

    /** A calculation told again, or late, never takes the place of a newer one. */
    Result or(Result later) {
      return later.revision >= revision ? later : this;
    }

    Share share() {
      return new Share(grossMinor, netMinor, 1);
    }
  }

  @JsonPropertyOrder({"month", "departmentId", "currency", "employeeId"})
  record ShareKey(String month, String departmentId, String currency, String employeeId) {
    static ShareKey of(ResultKey key, Result result) {
      return new ShareKey(result.month, result.departmentId, result.currency, key.employeeId);
    }

    TotalKey total() {
      return new TotalKey(month, departmentId, currency);
    }
  }

  /**
   * What a person adds to a total: the sum of the runs of that month. Nobody is counted once per
   * run.
   */
  @JsonPropertyOrder({"grossMinor", "netMinor", "runs"})
  record Share(long grossMinor, long netMinor, long runs) {
    static final Share NONE = new Share(0, 0, 0);

    Share plus(Share other) {
      return new Share(
          Math.addExact(grossMinor, other.grossMinor),
          Math.addExact(netMinor, other.netMinor),
          runs + other.runs);
    }

    /** Null once no run is left. */
    Share minus(Share other) {
      if (runs == other.runs) return null;
      return new Share(
          Math.subtractExact(grossMinor, other.grossMinor),
          Math.subtractExact(netMinor, other.netMinor),
          runs - other.runs);
    }
  }

  @JsonPropertyOrder({"month", "departmentId", "currency"})
  record TotalKey(String month, String departmentId, String currency) {}

  @JsonPropertyOrder({"grossMinor", "netMinor", "people"})
  record Total(long grossMinor, long netMinor, long people) {
    static final Total NONE = new Total(0, 0, 0);

    Total plus(Share share) {
      return new Total(
          Math.addExact(grossMinor, share.grossMinor),
          Math.addExact(netMinor, share.netMinor),
          people + 1);
    }

    /** Null once nobody is left. */
    Total minus(Share share) {
      if (people == 1) return null;
      return new Total(
          Math.subtractExact(grossMinor, share.grossMinor),
          Math.subtractExact(netMinor, share.netMinor),
          people - 1);
    }
  }

  /** What is written: readable without its key. */
  @JsonPropertyOrder({"month", "departmentId", "currency", "grossMinor", "netMinor", "people"})
  record Line(
      String month,
      String departmentId,
      String currency,
      long grossMinor,
      long netMinor,
      long people) {

    /** Null for a total that nobody is left in: on a compacted topic that deletes it. */
    static Line of(TotalKey key, Total total) {
      if (total == null) return null;
      return new Line(
          key.month,
          key.departmentId,
          key.currency,
          total.grossMinor,
          total.netMinor,
          total.people);
    }
  }
}
