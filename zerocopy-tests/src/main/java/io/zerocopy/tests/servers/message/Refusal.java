package io.zerocopy.tests.servers.message;

/** Thrown if a request cannot be served. The response is a status and a line of text. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String[] fields;

    /**
     * Creates a refusal.
     *
     * @param status the status of the response
     * @param why one line for people
     * @param fields header fields that belong to the status: names and values alternately
     */
    public Refusal(int status, String why, String... fields) {
        super(why, null, false, false);
        this.status = status;
        this.fields = fields;
    }

    public Response response() {
        Response response = Response.text(status, getMessage());
        for (int i = 0; i < fields.length; i += 2) {
            response.field(fields[i], fields[i + 1]);
        }
        return response;
    }
}
