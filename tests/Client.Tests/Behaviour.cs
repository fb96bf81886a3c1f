using Microsoft.AspNetCore.Http;

namespace ActorEmbed.Client.Tests;

/// <summary>What a scripted server does with one request.</summary>
internal delegate Task Behaviour(SeenRequest request, HttpContext context);
