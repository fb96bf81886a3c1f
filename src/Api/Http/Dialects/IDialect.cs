using ActorEmbed.Api.Http.Errors;

namespace ActorEmbed.Api.Http.Dialects;

/// <summary>
/// A way to ask for vectors, as the clients of one server know it: its requests, answers, routes and errors. All of it
/// stands in one folder; the composition root names it in one line.
/// </summary>
internal interface IDialect
{
    /// <summary>
    /// How failures are told: on the dialect's routes, and below the first segment of their paths where no route is.
    /// </summary>
    ErrorFormat Errors { get; }

    /// <summary>The dialect's body of <c>POST /embed</c>, a path that more than one of them has; null where it has none.</summary>
    IEmbedForm? EmbedForm => null;

    /// <param name="routes">A group that carries <see cref="Errors"/>.</param>
    void Map(IEndpointRouteBuilder routes);
}
