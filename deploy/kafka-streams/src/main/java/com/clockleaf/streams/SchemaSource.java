package com.clockleaf.streams;

import org.apache.avro.Schema;

/** Where the schema comes from that a record was written by. */
@FunctionalInterface
interface SchemaSource {

  /**
   * The schema with the id that stands in front of a record. Throws {@link
   * SchemaUnavailableException} if it is not to be had: without it nobody knows what the record
   * says, so it must not be passed over.
   */
  Schema byId(int id);
}
