// Swagger UI from this server alone: no validator badge, no remote document, nothing fetched from elsewhere.
globalThis.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  validatorUrl: null,
  queryConfigEnabled: false,
  displayRequestDuration: true,
});
