// Indexes the text files of a folder, then answers questions with the paragraphs that fit best.
// dotnet run --project examples/semantic-search -- [folder] [question]     without a question: one for each line typed
using System.Numerics.Tensors;
using ActorEmbed.Client;

const int TextsPerStep = 256;
const int BestMatches = 3;

var folder = args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "texts");
var paragraphs = ReadParagraphs(folder).ToArray();
if (paragraphs.Length == 0)
{
    Console.Error.WriteLine($"There is no *.txt or *.md file with text in '{folder}'.");
    return 1;
}

// The server lies beside this program; it starts here, and ends with this program, whatever happens.
await using var sidecar = new ActorEmbedSidecar(new ActorEmbedSidecarOptions { Port = 0 });
await sidecar.StartAsync();
using var client = sidecar.CreateClient();

var vectors = new List<float[]>(paragraphs.Length);
foreach (var step in paragraphs.Chunk(TextsPerStep))
{
    vectors.AddRange(await client.EmbedBatchAsync(step.Select(paragraph => paragraph.Text)));
    ShowProgress(vectors.Count, paragraphs.Length);
}

if (args.Length > 1)
    await AnswerAsync(string.Join(' ', args[1..]));
else
    while (Ask() is { Length: > 0 } question)
        await AnswerAsync(question);
return 0;

async Task AnswerAsync(string question)
{
    var wanted = (await client.EmbedBatchAsync([question]))[0];
    // Vectors of length 1: their dot product is the cosine of the angle between them.
    var matches = paragraphs.Zip(vectors, (paragraph, vector) => (Score: TensorPrimitives.Dot(vector, wanted), paragraph))
        .OrderByDescending(match => match.Score).Take(BestMatches);
    foreach (var (score, (file, text)) in matches)
        Console.WriteLine($"{score:0.000}  {file}: {text}");
}

static IEnumerable<(string File, string Text)> ReadParagraphs(string folder) =>
    from file in Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
    where Path.GetExtension(file) is ".txt" or ".md"
    from paragraph in File.ReadAllText(file).ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
    select (Path.GetRelativePath(folder, file), paragraph.Replace('\n', ' '));

static void ShowProgress(int done, int all)
{
    const int Width = 40;
    var filled = Width * done / all;
    Console.Error.Write($"\r[{new string('#', filled)}{new string('.', Width - filled)}] {done}/{all}{(done == all ? "\n" : "")}");
}

static string? Ask()
{
    Console.Error.Write("? ");
    return Console.ReadLine();
}
