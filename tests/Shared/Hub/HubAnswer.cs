using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ActorEmbed.Tests.Shared.Hub;

/// <summary>Writes one answer, right or wrong.</summary>
internal sealed class HubAnswer(HttpContext context, HubRepository repository, HubRequest request, HubCharacter character)
{
    /// <summary>A client sees a large file grow by pieces.</summary>
    private const int PieceBytes = 16 << 10;

    private HttpResponse Response => context.Response;

    public static long? RangeFrom(HttpRequest request) =>
        request.GetTypedHeaders().Range?.Ranges.FirstOrDefault()?.From;

    /// <summary>Why the request is refused for its token, or for want of one; null where it is not.</summary>
    public HubFault.Status? WhyUnauthorized(HubRoute route)
    {
        // Addresses of the file server are signed, and a second way of saying who one is is an error there.
        if (route.IsFileServer)
            return request.Authorization is null ? null : new HubFault.Status(400);
        if (character.OnlyToken is { } only && request.Authorization is { } given && given != $"Bearer {only}")
            return new HubFault.Status(401) { ErrorMessage = "Invalid credentials in Authorization header" };
        if (character.RequiredToken is { } required && request.Authorization != $"Bearer {required}")
            return new HubFault.Status(401);
        return character.IsGated && route.File != MisbehavingHub.Listing
            ? new HubFault.Status(request.Authorization is null ? 401 : 403) { ErrorCode = "GatedRepo", ErrorMessage = "Your request to access this model is awaiting a review" }
            : null;
    }

    /// <summary>Sent with every answer, good ones too.</summary>
    public void WriteLimits(string? limit = null)
    {
        Response.Headers["RateLimit"] = limit ?? "\"resolvers\";r=2998;t=172";
        Response.Headers["RateLimit-Policy"] = "\"fixed window\";\"resolvers\";q=3000;w=300";
    }

    public Task FailAsync(HubFault.Status status)
    {
        Response.StatusCode = status.Code;
        if (status.RetryAfter is { } retryAfter)
            Response.Headers.RetryAfter = retryAfter;
        WriteLimits(status.RateLimit);
        if (status.RequestId is { } id)
            Response.Headers["X-Request-Id"] = id;
        if (status.ErrorCode is { } code)
            Response.Headers["X-Error-Code"] = code;
        if (status.ErrorMessage is { } message)
            Response.Headers["X-Error-Message"] = message;
        return Response.WriteAsync("no");
    }

    public void Redirect(string location, int code = StatusCodes.Status307TemporaryRedirect)
    {
        Response.StatusCode = code;
        Response.Headers.Location = location;
    }

    public void RedirectToFileServer(int port)
    {
        var file = request.File;
        Response.StatusCode = StatusCodes.Status302Found;
        Response.Headers["X-Repo-Commit"] = repository.Commit;
        Response.Headers["X-Linked-Size"] = repository[file].Length.ToString(CultureInfo.InvariantCulture);
        Response.Headers["X-Linked-ETag"] = $"\"{repository.Sha256(file)}\"";
        var name = Uri.EscapeDataString($"inline; filename*=UTF-8''{file}; filename=\"{file}\";");
        Response.Headers.Location = $"http://127.0.0.1:{port}/signed/{file}?response-content-disposition={name}&Policy=eyJT%7E&Signature=ab%7Ec-_&Key-Pair-Id=K2L";
    }

    /// <summary>Small files are on the same host, under an address that says which content it is.</summary>
    public void RedirectToCache()
    {
        var file = request.File;
        Response.Headers["X-Repo-Commit"] = repository.Commit;
        Response.Headers.ETag = $"\"{repository.BlobName(file)}\"";
        Redirect($"/api/resolve-cache/models/{repository.Id}/{repository.Commit}/{Uri.EscapeDataString(file)}?%2F{Uri.EscapeDataString(repository.Id)}%2Fresolve=&etag=%22{repository.BlobName(file)}%22");
    }

    public Task ListAsync(HubFault? fault)
    {
        if (fault is HubFault.Body body)
            return Response.WriteAsync(body.Text);
        var shown = repository.Paths.Take(character.SiblingsShown ?? int.MaxValue);
        var siblings = character.SiblingsShown == 0 ? null : shown.Select(Sibling);
        return Response.WriteAsJsonAsync(new { id = repository.Id, sha = repository.Commit, siblings }, JsonSerializerOptions.Web);
    }

    public Task ListTreeAsync(int first)
    {
        var next = first + character.TreePageFiles;
        if (repository.Paths.Skip(next).Any())
            Response.Headers.Link = $"<{(character.NextPagesAt ?? new Uri($"http://{context.Request.Host}")).ToString().TrimEnd('/')}/api/models/{repository.Id}/tree/{repository.Commit}?recursive=true&expand=false&cursor={next}>; rel=\"next\"";
        IEnumerable<Dictionary<string, object>> folder = first == 0 ? [new() { ["type"] = "directory", ["path"] = "onnx", ["oid"] = repository.Commit, ["size"] = 0 }] : [];
        return Response.WriteAsJsonAsync(
            folder.Concat(repository.Paths.Skip(first).Take(character.TreePageFiles).Select(TreeEntry)), JsonSerializerOptions.Web);
    }

    private Dictionary<string, object> Sibling(string path)
    {
        var sibling = new Dictionary<string, object> { ["rfilename"] = path };
        if (!character.HasBlobs)
            return sibling;
        sibling["size"] = repository[path].Length;
        sibling["blobId"] = repository.GitName(path);
        if (HubRepository.IsLarge(path))
            sibling["lfs"] = new { sha256 = repository.Sha256(path), size = repository[path].Length, pointerSize = 134 };
        return sibling;
    }

    private Dictionary<string, object> TreeEntry(string path)
    {
        var entry = new Dictionary<string, object>
        {
            ["type"] = "file",
            ["path"] = path,
            ["size"] = repository[path].Length,
            ["oid"] = repository.GitName(path),
        };
        if (HubRepository.IsLarge(path))
            entry["lfs"] = new { oid = repository.Sha256(path), size = repository[path].Length, pointerSize = 134 };
        return entry;
    }

    public async Task SendFileAsync(HubFault? fault)
    {
        var content = fault switch
        {
            HubFault.WrongByte wrong => Inverted(repository[request.File], wrong.At),
            HubFault.OtherContent other => other.Content,
            _ => repository[request.File],
        };
        var from = fault is HubFault.IgnoreRange or HubFault.Cut { IgnoresRange: true } ? null : fault is HubFault.OtherRange range ? range.From : request.RangeFrom;
        if (from >= content.Length)
        {
            Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            Response.Headers.ContentRange = $"bytes */{content.Length}";
            return;
        }

        if (from is { } first)
        {
            Response.StatusCode = StatusCodes.Status206PartialContent;
            Response.Headers.ContentRange = $"bytes {first}-{content.Length - 1}/{content.Length}";
        }

        var body = content.AsMemory((int)(from ?? 0));
        Response.Headers.ETag = $"\"{repository.BlobName(request.File)}\"";
        Response.Headers["X-Repo-Commit"] = repository.Commit;
        Response.Headers.AcceptRanges = "bytes";
        if (fault is not HubFault.EndEarly)
            Response.ContentLength = body.Length;
        if (HttpMethods.IsHead(request.Method))
            return;
        await SendBodyAsync(body, fault);
    }

    private async Task SendBodyAsync(ReadOnlyMemory<byte> body, HubFault? fault)
    {
        switch (fault)
        {
            case HubFault.Cut cut:
                // Kestrel closes the connection after an answer that is shorter than it announced.
                await SendPiecesAsync(body[..(int)Math.Min(cut.AfterBytes, body.Length)]);
                break;
            case HubFault.Reset reset:
                await SendPiecesAsync(body[..(int)Math.Min(reset.AfterBytes, body.Length)]);
                context.Abort();
                break;
            case HubFault.EndEarly end:
                await SendPiecesAsync(body[..(int)Math.Min(end.AfterBytes, body.Length)]);
                break;
            case HubFault.Stall stall:
                await SendPiecesAsync(body[..(int)Math.Min(stall.AfterBytes, body.Length)]);
                await Gone();
                break;
            case HubFault.Metered metered:
                for (; body.Length > 0; body = body[Math.Min(metered.PieceBytes, body.Length)..])
                {
                    await metered.Gate.WaitAsync(context.RequestAborted);
                    await SendPiecesAsync(body[..Math.Min(metered.PieceBytes, body.Length)]);
                }

                break;
            default:
                await SendPiecesAsync(body);
                break;
        }
    }

    private async Task SendPiecesAsync(ReadOnlyMemory<byte> bytes)
    {
        for (; bytes.Length > 0; bytes = bytes[Math.Min(PieceBytes, bytes.Length)..])
        {
            var piece = bytes[..Math.Min(PieceBytes, bytes.Length)];
            request.Sent(piece.Length);
            await Response.Body.WriteAsync(piece, context.RequestAborted);
            await Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private async Task Gone()
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    private static byte[] Inverted(byte[] content, int at)
    {
        var copy = content.ToArray();
        copy[at] = (byte)~copy[at];
        return copy;
    }
}
