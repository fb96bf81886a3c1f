using System.Text.RegularExpressions;

namespace ActorEmbed.Inference.Hub;

/// <summary>A model on the hub: which repository, which revision of it, which of its weights.</summary>
public sealed partial record ModelReference
{
    /// <summary>Owner of a model that is named without one.</summary>
    public const string DefaultOwner = "sentence-transformers";

    /// <summary>The revision that is meant when none is named.</summary>
    public const string DefaultRevision = "main";

    /// <summary>The hub refuses longer names.</summary>
    private const int MaxNameLength = 96;

    /// <summary>Longest revision and variant taken: git's own limit is that of a file name.</summary>
    private const int MaxRevisionLength = 255;

    private ModelReference(string id, string revision, string? variant) =>
        (Id, Revision, Variant) = (id, revision, variant);

    /// <summary>Full id: <c>owner/name</c>.</summary>
    public string Id { get; }

    /// <summary>Branch, tag or full commit hash.</summary>
    public string Revision { get; }

    /// <summary><c>X</c> for the weights <c>onnx/model_X.onnx</c>; null for the model's main weights.</summary>
    public string? Variant { get; }

    /// <summary>Whether <see cref="Revision"/> is a full commit hash, which never changes its meaning.</summary>
    internal bool IsPinned => IsCommitHash(Revision);

    /// <summary>Reads a reference as a user writes it.</summary>
    /// <param name="id"><c>owner/name</c>, or the short name of a model of <see cref="DefaultOwner"/>.</param>
    /// <param name="revision">Branch, tag or full commit hash; null for <see cref="DefaultRevision"/>.</param>
    /// <param name="variant">See <see cref="Variant"/>.</param>
    /// <exception cref="ModelPullException"><see cref="PullFailure.InvalidReference"/>.</exception>
    public static ModelReference Parse(string id, string? revision = null, string? variant = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        var fullId = id.Contains('/', StringComparison.Ordinal) ? id : $"{DefaultOwner}/{id}";
        var parts = fullId.Split('/');
        if (parts.Length != 2 || !parts.All(IsName))
        {
            throw Invalid($"'{id}' is not a model id: write owner/name, such as " +
                          $"{DefaultOwner}/paraphrase-multilingual-mpnet-base-v2, or its short name");
        }

        if (revision is not null && !IsRevision(revision))
            throw Invalid($"'{revision}' is not a revision: give a branch, a tag or a full commit hash");
        if (variant is not null && !VariantPattern().IsMatch(variant))
            throw Invalid($"'{variant}' is not a variant: give the X of onnx/model_X.onnx, such as O4");
        return new ModelReference(fullId, revision ?? DefaultRevision, variant);
    }

    /// <inheritdoc />
    public override string ToString() =>
        (Revision == DefaultRevision ? Id : $"{Id}@{Revision}") + (Variant is null ? "" : $" ({Variant})");

    /// <summary>Whether the text is the hash of a commit: 40 lower-case hexadecimal digits.</summary>
    internal static bool IsCommitHash(string text) =>
        text.Length == 40 && text.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f');

    private static ModelPullException Invalid(string message) => new(PullFailure.InvalidReference, message + ".");

    private static bool IsName(string part) =>
        part.Length <= MaxNameLength
        && NamePattern().IsMatch(part)
        && !part.Contains("--", StringComparison.Ordinal)
        && !part.Contains("..", StringComparison.Ordinal)
        && !part.EndsWith(".git", StringComparison.Ordinal);

    private static bool IsRevision(string text) =>
        text.Length <= MaxRevisionLength
        && RevisionPattern().IsMatch(text)
        && !text.Contains("..", StringComparison.Ordinal)
        && text.Split('/').All(part => part.Length > 0 && part != ".");

    [GeneratedRegex(@"\A[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_])?\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A[\p{L}\p{N}_.\-+/@#=]+\z")]
    private static partial Regex RevisionPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_](?:[A-Za-z0-9_.\-]{0,94}[A-Za-z0-9_])?\z")]
    private static partial Regex VariantPattern();
}
