using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace ActorEmbed.Documents.Tests;

public sealed partial class JsonTests
{
    /// <summary>Three dots stand for more numbers. A block may hold several values, a line each.</summary>
    [Fact]
    public void Every_block_of_json_can_be_read()
    {
        var blocks = Repository.Blocks("json").ToList();

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block =>
        {
            var code = MoreNumbers().Replace(block.Code, "");
            foreach (var value in code.Contains("}\n{", StringComparison.Ordinal) ? code.Split('\n') : [code])
                JsonDocument.Parse(value).Dispose();
        });
    }

    [GeneratedRegex(@",\.\.\.")]
    private static partial Regex MoreNumbers();
}
