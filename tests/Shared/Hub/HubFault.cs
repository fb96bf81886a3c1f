namespace ActorEmbed.Tests.Shared.Hub;

/// <summary>One way in which <see cref="MisbehavingHub"/> misbehaves.</summary>
public abstract record HubFault
{
    private HubFault()
    {
    }

    /// <summary>Sends so many bytes of the answer's body and closes the connection; all of them arrive.</summary>
    public sealed record Cut(long AfterBytes, bool IgnoresRange = false) : HubFault;

    /// <summary>Sends so many bytes of the answer's body and resets the connection, which may swallow the last of them.</summary>
    public sealed record Reset(long AfterBytes) : HubFault;

    /// <summary>Sends so many bytes of the answer's body and ends it in good order, without having named its length.</summary>
    public sealed record EndEarly(long AfterBytes) : HubFault;

    /// <summary>Sends so many bytes of the answer's body and then nothing until the client leaves.</summary>
    public sealed record Stall(long AfterBytes) : HubFault;

    /// <summary>Sends the body in pieces, each after the gate has been released once.</summary>
    public sealed record Metered(int PieceBytes, SemaphoreSlim Gate) : HubFault;

    /// <summary>Inverts one byte of the file.</summary>
    public sealed record WrongByte(int At) : HubFault;

    /// <summary>Serves another file than was announced.</summary>
    public sealed record OtherContent(byte[] Content) : HubFault;

    /// <summary>Answers 200 with the whole file, whatever range was asked for.</summary>
    public sealed record IgnoreRange : HubFault;

    /// <summary>Answers 206 with another range than was asked for.</summary>
    public sealed record OtherRange(long From) : HubFault;

    /// <summary>Answers without the file.</summary>
    /// <param name="Code">HTTP status.</param>
    /// <param name="AtFileServer">Whether the server that the hub redirects to answers so, not the hub.</param>
    public sealed record Status(int Code, bool AtFileServer = false) : HubFault
    {
        public string? RetryAfter { get; init; }

        /// <summary>Instead of the header that says that nothing is used up.</summary>
        public string? RateLimit { get; init; }

        public string? RequestId { get; init; }

        public string? ErrorCode { get; init; }

        public string? ErrorMessage { get; init; }
    }

    /// <summary>Redirects to another address.</summary>
    public sealed record Redirect(string Location) : HubFault;

    /// <summary>Answers with other text instead of the file list.</summary>
    public sealed record Body(string Text) : HubFault;
}
