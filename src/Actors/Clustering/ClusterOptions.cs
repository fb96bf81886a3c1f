using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;
using ActorEmbed.Inference;

namespace ActorEmbed.Actors.Clustering;

/// <summary>How this node takes part in a cluster.</summary>
public sealed class ClusterOptions
{
    // A secret of 32 characters from a random generator cannot be guessed from what passes on the wire.
    private const int LeastSecretLength = 32;

    /// <summary>What this node does. Default <see cref="ClusterRoles.All"/>.</summary>
    public ClusterRoles Roles { get; set; } = ClusterRoles.All;

    /// <summary>TCP port of the cluster. Default 8422, beside the HTTP server's 8421; 0 lets the system choose.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 8422;

    /// <summary>
    /// Host name or address by which the other nodes reach this one. Default 127.0.0.1: this machine alone.
    /// </summary>
    [Required]
    public string Advertise { get; set; } = "127.0.0.1";

    /// <summary>
    /// Address to listen on. Null takes <see cref="Advertise"/> where that is an address, otherwise all of them
    /// (0.0.0.0). Needed where the advertised address is not the machine's own, as behind a translation of addresses.
    /// </summary>
    public string? Bind { get; set; }

    /// <summary>
    /// Nodes to join, each <c>host:port</c>; any that is up will do. The first of the list, started alone, founds the
    /// cluster, so give every node the same list. Empty: this node founds one.
    /// </summary>
    public IList<string> SeedNodes { get; set; } = [];

    /// <summary>
    /// Shared by all nodes, 32 characters at least: who does not know it cannot connect, and everything is encrypted.
    /// Null: everyone who reaches the port may take part.
    /// </summary>
    [JsonIgnore]
    public string? Secret { get; set; }

    /// <summary>
    /// File with this node's certificate and key (PKCS 12), for TLS with certificates of your own instead of a
    /// <see cref="Secret"/>: both sides show theirs. Needs <see cref="AuthorityFile"/> or
    /// <see cref="TrustedFingerprints"/>, which say whose is let in.
    /// </summary>
    public string? CertificateFile { get; set; }

    /// <summary>Password of <see cref="CertificateFile"/>.</summary>
    [JsonIgnore]
    public string? CertificatePassword { get; set; }

    /// <summary>
    /// File with the certificates (PEM) of the authority that has issued those of the nodes. Whatever it issues, to
    /// whomever, may take part: use one that issues for this cluster alone. The roots that the system trusts do not count.
    /// </summary>
    public string? AuthorityFile { get; set; }

    /// <summary>
    /// SHA-256 fingerprints of the certificates that nodes may show, this one's included: 64 hex digits each, with or
    /// without colons, as <c>openssl x509 -noout -fingerprint -sha256</c> prints them.
    /// </summary>
    public IList<string> TrustedFingerprints { get; set; } = [];

    /// <summary>
    /// The model that a router serves: its id, its short name, or the first 12 digits or more of its sha256. A node with
    /// another one is refused, also when it is the first. Null: whatever the first node has.
    /// </summary>
    public string? ExpectedModel { get; set; }

    /// <summary>
    /// The models that a router serves, where they are several, each as <see cref="ExpectedModel"/>: it has a queue for each,
    /// and a node works for that of its model. The first is that of requests which name none. Empty: one, as that says.
    /// </summary>
    public IList<string> ExpectedModels { get; set; } = [];

    /// <summary>The precision that a router serves, likewise. Null: whatever the first node has.</summary>
    public Precision? ExpectedPrecision { get; set; }

    /// <summary>
    /// Largest message on the wire, in bytes. Default 8 MiB, range 128 KiB to 128 MiB. A batch of 32 vectors of 4,096
    /// dimensions has 0.5 MiB; texts take half a frame, so the longest has 2 million characters.
    /// </summary>
    [Range(128 << 10, 128 << 20)]
    public int MaxFrameBytes { get; set; } = 8 << 20;

    /// <summary>
    /// Workers that a text may be lost with before it is rejected. Default 4, range 2 to 100. After half of them its
    /// batch is taken apart, so that a text which takes down worker after worker is found, and its neighbours are served.
    /// </summary>
    [Range(2, 100)]
    public int MaxLosses { get; set; } = 4;

    /// <summary>
    /// Shortest time after which a batch counts as lost with its worker. Default 2 s, range 10 ms to 1 hour; usually it
    /// is eight times what batches of its size took lately. Longer than a pause of the garbage collector or a busy
    /// moment of the machine.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan ShortestPatience { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Time between two announcements of a worker to its routers. Default 1 s, range 10 ms to 1 minute. A router that
    /// has just been started, or has missed a message, knows of its workers after this time.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan AnnounceInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether what passes between the nodes is encrypted, and only nodes that may do so can take part.</summary>
    internal bool IsSecured => Secret is not null || CertificateFile is not null;

    internal string BindAddress => Bind ?? (IPAddress.TryParse(Advertise, out _) ? Advertise : "0.0.0.0");

    /// <summary>Whether other machines can reach the port.</summary>
    internal bool IsExposed => !(IPAddress.TryParse(BindAddress, out var address) && IPAddress.IsLoopback(address));

    /// <exception cref="CryptographicException">It cannot be read, or the password is wrong.</exception>
    internal X509Certificate2 LoadCertificate() => X509CertificateLoader.LoadPkcs12FromFile(CertificateFile!, CertificatePassword);

    /// <exception cref="CryptographicException">It cannot be read.</exception>
    internal X509Certificate2Collection LoadAuthorities()
    {
        var authorities = new X509Certificate2Collection();
        if (AuthorityFile is not null)
            authorities.ImportFromPemFile(AuthorityFile);
        return authorities;
    }

    /// <summary>Throws one exception that names every setting that is wrong.</summary>
    /// <exception cref="ValidationException">At least one setting is wrong.</exception>
    public void Validate()
    {
        var errors = new List<ValidationResult>();
        Validator.TryValidateObject(this, new ValidationContext(this), errors, validateAllProperties: true);
        if (Roles == ClusterRoles.None)
            errors.Add(new($"{nameof(Roles)} must name at least one role."));
        if (ExpectedModel is not null && string.IsNullOrWhiteSpace(ExpectedModel))
            errors.Add(new($"{nameof(ExpectedModel)} is empty; leave it out to take the model of the first node."));
        if (ExpectedModels.Any(string.IsNullOrWhiteSpace) || ExpectedModels.Distinct(StringComparer.OrdinalIgnoreCase).Count() < ExpectedModels.Count)
            errors.Add(new($"{nameof(ExpectedModels)} must be different names, none of them empty."));
        if (ExpectedModel is not null && ExpectedModels.Count > 0)
            errors.Add(new($"{nameof(ExpectedModel)} and {nameof(ExpectedModels)} exclude each other: write all of them in the latter."));
        // From a file it often ends with a line feed on one machine and not on another, and nobody sees the difference.
        if (Secret is not null && Secret != Secret.Trim())
            errors.Add(new($"{nameof(Secret)} begins or ends with white space."));
        if (Secret is { Length: < LeastSecretLength })
            errors.Add(new($"{nameof(Secret)} must have {LeastSecretLength} characters at least, from a random generator."));
        if (Secret is not null && CertificateFile is not null)
            errors.Add(new($"{nameof(Secret)} and {nameof(CertificateFile)} exclude each other."));
        errors.AddRange(CertificateProblems().Select(problem => new ValidationResult(problem)));
        errors.AddRange(SeedNodes.Where(seed => !SeedNode.TryParse(seed, out _, out _)).Select(seed => new ValidationResult($"{nameof(SeedNodes)}: '{seed}' is not host:port.")));
        if (errors.Count > 0)
            throw new ValidationException(string.Join(" ", errors.Select(e => e.ErrorMessage)));
    }

    /// <summary>Looks whether the port can be had, before anything costly is started for it.</summary>
    /// <exception cref="SocketException">Somebody listens on it, or this process may not.</exception>
    public void EnsurePortIsFree()
    {
        // A name is for Akka to resolve, which says as much when it starts.
        if (Port == 0 || !IPAddress.TryParse(BindAddress, out var address))
            return;
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, Port));
    }

    private IEnumerable<string> CertificateProblems()
    {
        if (CertificateFile is null)
        {
            if (AuthorityFile is not null || TrustedFingerprints.Count > 0)
                yield return $"{nameof(AuthorityFile)} and {nameof(TrustedFingerprints)} are of use only with {nameof(CertificateFile)}.";
            yield break;
        }

        if (!CanRead(() => LoadCertificate().HasPrivateKey ? null : "it has no private key", out var whyNot))
            yield return $"{nameof(CertificateFile)} cannot be used: {whyNot}: {CertificateFile}";
        if (AuthorityFile is null && TrustedFingerprints.Count == 0)
            yield return $"{nameof(CertificateFile)} needs {nameof(AuthorityFile)} or {nameof(TrustedFingerprints)}, which say whose certificates are trusted.";
        if (!CanRead(() => AuthorityFile is null || LoadAuthorities().Count > 0 ? null : "it holds no certificate", out whyNot))
            yield return $"{nameof(AuthorityFile)} cannot be used: {whyNot}: {AuthorityFile}";
        foreach (var fingerprint in TrustedFingerprints.Where(fingerprint => !CertificateTrust.IsFingerprint(fingerprint)))
            yield return $"{nameof(TrustedFingerprints)}: '{fingerprint}' is no SHA-256 of 64 hex digits.";
    }

    private static bool CanRead(Func<string?> read, out string? whyNot)
    {
        try
        {
            whyNot = read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            whyNot = e is FileNotFoundException or DirectoryNotFoundException ? "it does not exist" : e.Message.TrimEnd('.');
        }

        return whyNot is null;
    }
}
