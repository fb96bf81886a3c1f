using System.Text.RegularExpressions;

namespace ActorEmbed.Inference.Models;

/// <summary>
/// The prompts that authors ask for in the description of their model, and that its files lack, or lack in copies of it.
/// They are there for those who ask by name or by type of input, and never put before a text unasked. The sources are the
/// model cards on the hub, which docs/models.md lists.
/// </summary>
internal static partial class DocumentedPrompts
{
    private const string SearchingPassages = "Represent this sentence for searching relevant passages: ";
    private const string WebSearch = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:";

    private static readonly (Regex Names, (string Name, string Text)[] Prompts)[] Families =
    [
        // intfloat/e5-base-v2, intfloat/multilingual-e5-base
        (E5(), [("query", "query: "), ("passage", "passage: ")]),
        // intfloat/multilingual-e5-large-instruct
        (E5Instruct(), [("query", WebSearch + " "), ("document", "")]),
        // BAAI/bge-base-en-v1.5, also for bge-*-en; mixedbread-ai/mxbai-embed-large-v1; WhereIsAI/UAE-Large-V1
        (SearchingPassagesNames(), [("query", SearchingPassages), ("document", "")]),
        // Snowflake/snowflake-arctic-embed-m, snowflake-arctic-embed-m-v1.5
        (Arctic(), [("query", SearchingPassages), ("document", "")]),
        // Snowflake/snowflake-arctic-embed-l-v2.0
        (Arctic2(), [("query", "query: "), ("document", "")]),
        // BAAI/bge-base-zh-v1.5
        (BgeChinese(), [("query", "为这个句子生成表示以用于检索相关文章："), ("document", "")]),
        // nomic-ai/nomic-embed-text-v1.5, nomic-ai/modernbert-embed-base
        (
            Nomic(),
            [
                ("query", "search_query: "), ("document", "search_document: "),
                ("search_query", "search_query: "), ("search_document", "search_document: "),
                ("classification", "classification: "), ("clustering", "clustering: "),
            ]
        ),
        // google/embeddinggemma-300m
        (EmbeddingGemma(), [("query", "task: search result | query: "), ("document", "title: none | text: ")]),
        // Qwen/Qwen3-Embedding-0.6B
        (Qwen3(), [("query", WebSearch), ("document", "")]),
    ];

    /// <summary>Those of the first name that is known.</summary>
    /// <param name="names">Names that the model may go by; of each, the part after the last slash counts.</param>
    public static IReadOnlyList<ModelPrompt> Of(params IEnumerable<string?> names)
    {
        foreach (var name in names.OfType<string>())
        {
            var shortName = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
            var family = Array.Find(Families, family => family.Names.IsMatch(shortName));
            if (family.Prompts is not null)
                return [.. family.Prompts.Select(prompt => new ModelPrompt(prompt.Name, prompt.Text) { IsFromDocumentation = true })];
        }

        return [];
    }

    // Copies converted to ONNX carry the name, with or without that word at its end. A model trained on top of another has
    // a name of its own, and perhaps other prompts.
    [GeneratedRegex(@"^(multilingual-)?e5-(small|base|large)(-v2|-unsupervised)?(-onnx)?$", RegexOptions.IgnoreCase)]
    private static partial Regex E5();

    [GeneratedRegex(@"^multilingual-e5-large-instruct(-onnx)?$", RegexOptions.IgnoreCase)]
    private static partial Regex E5Instruct();

    [GeneratedRegex(@"^(bge-(small|base|large)-en(-v1\.5)?|mxbai-embed-large-v1|UAE-Large-V1)(-onnx)?$", RegexOptions.IgnoreCase)]
    private static partial Regex SearchingPassagesNames();

    [GeneratedRegex(@"^bge-(small|base|large)-zh(-v1\.5)?(-onnx)?$", RegexOptions.IgnoreCase)]
    private static partial Regex BgeChinese();

    [GeneratedRegex(@"^snowflake-arctic-embed-(xs|s|m|m-long|l|m-v1\.5)(-onnx)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Arctic();

    [GeneratedRegex(@"^snowflake-arctic-embed-[ml]-v2\.0(-onnx)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Arctic2();

    [GeneratedRegex(@"^(nomic-embed-text-v1(\.5)?|modernbert-embed-(base|large))(-onnx)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Nomic();

    [GeneratedRegex(@"^embeddinggemma-300m(-onnx)?$", RegexOptions.IgnoreCase)]
    private static partial Regex EmbeddingGemma();

    [GeneratedRegex(@"^Qwen3-Embedding-(0\.6|4|8)B(-onnx)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Qwen3();
}
