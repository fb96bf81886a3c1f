namespace ActorEmbed.Api.Http.Page;

/// <summary>The files of the page, which are part of the executable.</summary>
internal static class PageFiles
{
    private const string Folder = "page/";
    private const string HtmlName = "index.html";

    private static readonly Lazy<IReadOnlyList<PageFile>> All = new(ReadAll);

    public static PageFile Html => All.Value.Single(file => file.Name == HtmlName);

    public static IEnumerable<PageFile> BesideHtml => All.Value.Where(file => file.Name != HtmlName);

    private static List<PageFile> ReadAll()
    {
        var assembly = typeof(PageFiles).Assembly;
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal));
        return [.. names.Select(name => new PageFile(name[Folder.Length..], Read(assembly.GetManifestResourceStream(name)!)))];
    }

    private static byte[] Read(Stream resource)
    {
        using (resource)
        {
            var bytes = new byte[resource.Length];
            resource.ReadExactly(bytes);
            return bytes;
        }
    }
}
