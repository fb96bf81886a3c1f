using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using ActorEmbed.Tests.Shared.Models;
using Microsoft.AspNetCore.Routing;

namespace ActorEmbed.Api.Tests;

public sealed partial class DocumentationTests
{
    // The pages for browsers, what they are made of, and the document itself are no part of the API.
    private static readonly string[] OfThePages = ["/openapi", "/docs", "/page/"];

    [Fact]
    public async Task Every_route_is_documented_and_every_documented_route_exists()
    {
        await using var server = await TestServer.StartAsync();
        var (_, document) = await server.GetAsync("/openapi/v1.json");

        var documented = Operations(document).Select(o => $"{o.Method.ToUpperInvariant()} {o.Path}");
        var routes = server.Endpoints.OfType<RouteEndpoint>()
            .Where(e => !OfThePages.Any(path => e.RoutePattern.RawText!.TrimStart('/').StartsWith(path.TrimStart('/'), StringComparison.Ordinal)))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {e.RoutePattern.RawText!.Replace("**", "", StringComparison.Ordinal)}"));

        Assert.Equal(routes.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_documented_example_gets_an_answer_of_the_documented_form()
    {
        await using var server = await TestServer.StartAsync();
        await using var reranker = await TestServer.StartAsync(new ScriptedModel { Described = ScriptedModel.RerankerInfo });
        await server.PostAsync("""{"texts":["text"]}""");
        var (_, document) = await server.GetAsync("/openapi/v1.json");

        foreach (var (path, method, operation) in Operations(document))
        {
            if (!operation.GetProperty("responses").GetProperty("200").GetProperty("content").TryGetProperty("application/json", out var content))
                continue;
            var url = path.Replace("{id}", "tests/scripted", StringComparison.Ordinal);
            var (response, body) = method == "get"
                ? await server.GetAsync(url)
                : await (path.EndsWith("rank", StringComparison.Ordinal) ? reranker : server).PostAsync(operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText(), url);
            var schema = content.GetProperty("schema");

            Assert.Equal((path, HttpStatusCode.OK), (path, response.StatusCode));
            Assert.True(Fits(document, schema, body), $"{path}: {body.GetRawText()} does not fit {schema.GetRawText()}");
        }
    }

    [Fact]
    public async Task Every_reference_in_the_document_leads_somewhere()
    {
        await using var server = await TestServer.StartAsync();
        var json = await server.Client.GetStringAsync("/openapi/v1.json");
        var schemas = JsonSerializer.Deserialize<JsonElement>(json).GetProperty("components").GetProperty("schemas");

        var used = SchemaReference().Matches(json).Select(match => match.Groups[1].Value).Distinct().Order();

        Assert.Equal(schemas.EnumerateObject().Select(s => s.Name).Order(), used);
    }

    [Fact]
    public async Task The_page_needs_nothing_from_elsewhere()
    {
        await using var server = await TestServer.StartAsync();

        var html = await server.Client.GetStringAsync("/docs");
        var scripts = ScriptSource().Matches(html).Select(match => match.Groups[1].Value).ToArray();

        Assert.DoesNotContain("http://", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("https://", html, StringComparison.OrdinalIgnoreCase);
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            var response = await server.Client.GetAsync(new Uri(new Uri(server.Client.BaseAddress!, "/docs/"), script));
            Assert.Equal((script, HttpStatusCode.OK), (script, response.StatusCode));
        }
    }

    private static IEnumerable<(string Path, string Method, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (path.Name, operation.Name, operation.Value);

    /// <summary>Whether a value has the type of a schema, all that it requires and nothing that it does not name.</summary>
    private static bool Fits(JsonElement document, JsonElement schema, JsonElement value)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return Fits(document, reference.GetString()!.Split('/').Skip(1).Aggregate(document, (element, name) => element.GetProperty(name)), value);
        if (schema.TryGetProperty("oneOf", out var options))
            return options.EnumerateArray().Any(option => Fits(document, option, value));
        if (schema.TryGetProperty("const", out var constant))
            return constant.GetRawText() == value.GetRawText();
        if (!schema.TryGetProperty("type", out var type))
            return true;
        return type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Any(one => FitsType(document, schema, one.GetString()!, value))
            : FitsType(document, schema, type.GetString()!, value);
    }

    private static bool FitsType(JsonElement document, JsonElement schema, string type, JsonElement value) =>
        type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object && FitsObject(document, schema, value),
            "array" => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => Fits(document, schema.GetProperty("items"), item)),
            "string" => value.ValueKind == JsonValueKind.String,
            "integer" or "number" => value.ValueKind == JsonValueKind.Number,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            _ => false,
        };

    private static bool FitsObject(JsonElement document, JsonElement schema, JsonElement value)
    {
        if (!schema.TryGetProperty("properties", out var properties))
            return true;
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()!) : [];
        return required.All(name => value.TryGetProperty(name, out _))
            && value.EnumerateObject().All(p => properties.TryGetProperty(p.Name, out var property) && Fits(document, property, p.Value));
    }

    [GeneratedRegex("""#/components/schemas/(\w+)""")]
    private static partial Regex SchemaReference();

    [GeneratedRegex("""<script[^>]*\ssrc="([^"]+)""")]
    private static partial Regex ScriptSource();
}
