/* io/aws_call.h: a request to an AWS service, signed over what goes over the wire. */
#ifndef CURLEW_IO_AWS_CALL_H
#define CURLEW_IO_AWS_CALL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "io/aws_sign.h"
#include "io/http.h"

/* Adds "Host" and the signature for `service` in `region` to the request's headers. Sign anew for each try: a signature holds its time. ERR_INPUT for an
 * address without a host and for keys that cannot sign. */
bool aws_sign_http(Arena *arena, HttpRequest *request, const char *region, const char *service, const AwsKeys *keys, Err *err);

/* What an answer that is no 2xx says went wrong: the error's name ("ThrottlingException"), and its message fit to be shown. Either may
 * be "". Read from the header x-amzn-errortype, JSON or XML. */
typedef struct {
    const char *name, *message;
} AwsFault;
AwsFault aws_fault_read(Arena *arena, const HttpResponse *response);

/* The text of the first element `tag` of an XML answer (STS speaks it), its five entities resolved; NULL when there is none. */
const char *aws_xml_text(Arena *arena, const char *xml, const char *tag);

/* "2026-11-25T04:44:51Z", with or without fraction and offset, as seconds since the epoch; 0 when it is no time. */
long long aws_time_read(const char *text);
/* The same back: "2026-11-25T04:44:51Z". */
const char *aws_time_text(Arena *arena, long long time_s);

#endif
