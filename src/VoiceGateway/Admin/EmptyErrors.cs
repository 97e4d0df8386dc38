using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;

namespace VoiceGateway.Admin;

/// <summary>Words for the errors that are found before any of our code runs: a body that is no JSON, a page that is not there.</summary>
internal static class EmptyErrors
{
    public static Task ExplainAsync(StatusCodeContext context)
    {
        var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
        return response.WriteAsJsonAsync(new
        {
            error = response.StatusCode switch
            {
                StatusCodes.Status400BadRequest => "the body is not the JSON object that belongs here, or a parameter is not what it must be",
                StatusCodes.Status404NotFound => $"there is no {request.Path}",
                StatusCodes.Status405MethodNotAllowed => $"{request.Path} does not take {request.Method}",
                StatusCodes.Status415UnsupportedMediaType => "the body must be JSON, and say so: Content-Type: application/json",
                var other => ReasonPhrases.GetReasonPhrase(other),
            },
        });
    }
}
