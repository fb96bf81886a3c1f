using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ActorEmbed.Tests.Shared.Hub;

/// <summary>Writes one answer, right or wrong.</summary>
internal sealed class HubAnswer(HttpContext context, HubRepository repository, HubRequest request, string? requiredToken)
{
    /// <summary>A client sees a large file grow by pieces.</summary>
    private const int PieceBytes = 16 << 10;

    private HttpResponse Response => context.Response;

    public static long? RangeFrom(HttpRequest request) =>
        request.GetTypedHeaders().Range?.Ranges.FirstOrDefault()?.From;

    /// <summary>The file server knows no tokens: its addresses are signed.</summary>
    public bool IsAuthorized(bool isFileServer) =>
        isFileServer || requiredToken is null || request.Authorization == $"Bearer {requiredToken}";

    public Task FailAsync(HubFault.Status status)
    {
        Response.StatusCode = status.Code;
        if (status.RetryAfter is { } retryAfter)
            Response.Headers.RetryAfter = retryAfter;
        if (status.ErrorCode is { } code)
            Response.Headers["X-Error-Code"] = code;
        if (status.ErrorMessage is { } message)
            Response.Headers["X-Error-Message"] = message;
        return Response.WriteAsync("no");
    }

    public void Redirect(string location)
    {
        Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        Response.Headers.Location = location;
    }

    public void RedirectToFileServer(int port)
    {
        var file = request.File;
        Response.StatusCode = StatusCodes.Status302Found;
        Response.Headers["X-Repo-Commit"] = repository.Commit;
        Response.Headers["X-Linked-Size"] = repository[file].Length.ToString(CultureInfo.InvariantCulture);
        Response.Headers["X-Linked-ETag"] = $"\"{repository.Sha256(file)}\"";
        Response.Headers.Location = $"http://127.0.0.1:{port}/signed/{file}?signature=abc";
    }

    public Task ListAsync(HubFault? fault)
    {
        if (fault is HubFault.Body body)
            return Response.WriteAsync(body.Text);
        return Response.WriteAsJsonAsync(new
        {
            id = repository.Id,
            sha = repository.Commit,
            siblings = repository.Paths.Select(path => HubRepository.IsLarge(path)
                ? new Dictionary<string, object>
                {
                    ["rfilename"] = path,
                    ["size"] = repository[path].Length,
                    ["blobId"] = repository.GitName(path),
                    ["lfs"] = new { sha256 = repository.Sha256(path), size = repository[path].Length, pointerSize = 134 },
                }
                : new Dictionary<string, object>
                {
                    ["rfilename"] = path,
                    ["size"] = repository[path].Length,
                    ["blobId"] = repository.GitName(path),
                }),
        }, JsonSerializerOptions.Web);
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
