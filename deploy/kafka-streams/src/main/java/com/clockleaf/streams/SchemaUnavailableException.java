package com.clockleaf.streams;

/**
 * A schema is not to be had. The topology stops before the record, and reads it again when it is
 * started.
 */
final class SchemaUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SchemaUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
