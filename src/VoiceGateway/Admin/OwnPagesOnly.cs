namespace VoiceGateway.Admin;

/// <summary>
/// A browser names the page that sends a request (Origin). A page from elsewhere must not drain the gateway or end calls just
/// because somebody who can reach it has that page open. Programs send no Origin and are not concerned.
/// </summary>
internal sealed class OwnPagesOnly(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || HttpMethods.IsGet(context.Request.Method)
            || (Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority == context.Request.Host.Value))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsJsonAsync(new { error = $"a page of {origin} may not do this" });
    }
}
