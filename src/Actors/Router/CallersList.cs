using System.Diagnostics.CodeAnalysis;

namespace ActorEmbed.Actors.Router;

/// <summary>
/// A list in a message belongs to the caller and may be of any class: it may change under our hands, or throw. So it is
/// read once.
/// </summary>
internal static class CallersList
{
    /// <summary>Makes a copy that nobody changes.</summary>
    public static bool TryCopy<T>(IReadOnlyList<T>? list, [NotNullWhen(true)] out T[]? copy, [NotNullWhen(false)] out string? whyNot)
    {
        (copy, whyNot) = (null, null);
        if (list is null)
        {
            whyNot = "The list of texts is null.";
            return false;
        }

        try
        {
            copy = [.. list];
            return true;
        }
        catch (Exception e)
        {
            // Not with its message, which may hold a text.
            whyNot = $"The list of texts could not be read: it threw {e.GetType().Name}.";
            return false;
        }
    }
}
