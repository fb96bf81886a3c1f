using System.Text;

namespace ActorEmbed.Inference.Tokenization.Pipeline;

/// <summary>Writes a regular expression of Oniguruma's (Ruby's) syntax as the runtime knows it.</summary>
internal sealed class OnigurumaSyntax
{
    private const string WordClasses = @"\p{L}\p{M}\p{Nd}\p{Pc}";

    private readonly string _expression;
    private readonly StringBuilder _output = new();
    private readonly Stack<int> _groups = new();
    private int _at;

    // Where in the output the atom begins that a quantifier would apply to; -1 where there is none.
    private int _atom = -1;

    private OnigurumaSyntax(string expression) => _expression = expression;

    /// <exception cref="NotSupportedException">It uses what has no counterpart; the message says what.</exception>
    public static string Translate(string expression) =>
        // Oniguruma takes the long s for an s where case does not matter, the runtime does not.
        new OnigurumaSyntax(expression.Replace("(?i:'s|", "(?i:'[s\u017F]|", StringComparison.Ordinal)).Translate();

    private string Translate()
    {
        while (_at < _expression.Length)
        {
            var c = _expression[_at];
            switch (c)
            {
                case '\\':
                    _atom = _output.Length;
                    _output.Append(Escape(isInClass: false));
                    break;
                case '[':
                    _atom = _output.Length;
                    Class();
                    break;
                case '(':
                    _groups.Push(_output.Length);
                    _output.Append(c);
                    _at++;
                    _atom = -1;
                    if (_at < _expression.Length && _expression[_at] == '?')
                    {
                        _output.Append('?');
                        _at++;
                    }

                    break;
                case ')':
                    _atom = _groups.TryPop(out var start) ? start : -1;
                    _output.Append(c);
                    _at++;
                    break;
                case '?' or '*' or '+' or '{' when _atom >= 0:
                    Quantifier();
                    break;
                case '|' or '^' or '$':
                    _atom = -1;
                    _output.Append(c);
                    _at++;
                    break;
                default:
                    _atom = _output.Length;
                    _output.Append(c);
                    _at++;
                    break;
            }
        }

        return _output.ToString();
    }

    private void Quantifier()
    {
        var isInterval = _expression[_at] == '{';
        if (isInterval)
        {
            var end = _expression.IndexOf('}', _at);
            if (end < 0)
                throw new NotSupportedException("a brace is not closed");
            _output.Append(_expression, _at, end + 1 - _at);
            _at = end + 1;
        }
        else
        {
            _output.Append(_expression[_at++]);
        }

        var next = _at < _expression.Length ? _expression[_at] : '\0';
        if (next == '?')
        {
            _output.Append('?');
            _at++;
        }
        else if (next == '+')
        {
            // A possessive quantifier; after an interval it is one more quantifier.
            _output.Insert(_atom, isInterval ? "(?:" : "(?>").Append(isInterval ? ")+" : ")");
            _at++;
        }

        _atom = -1;
    }

    private void Class()
    {
        _output.Append('[');
        _at++;
        if (_at < _expression.Length && _expression[_at] == '^')
        {
            _output.Append('^');
            _at++;
        }

        for (var isFirst = true; ; isFirst = false)
        {
            if (_at >= _expression.Length)
                throw new NotSupportedException("a character class is not closed");
            var c = _expression[_at];
            if (c == ']' && !isFirst)
                break;
            if (c == '[' || _expression.AsSpan(_at).StartsWith("&&"))
                throw new NotSupportedException("classes within classes are not known");
            if (c == '\\')
            {
                _output.Append(Escape(isInClass: true));
            }
            else
            {
                // The runtime would read a subtraction.
                _output.Append(c == ']' ? @"\]" : c.ToString());
                _at++;
            }
        }

        _output.Append(']');
        _at++;
    }

    private string Escape(bool isInClass)
    {
        if (_at + 1 >= _expression.Length)
            throw new NotSupportedException("it ends with a backslash");
        var c = _expression[_at + 1];
        _at += 2;
        switch (c)
        {
            case 'w':
                return isInClass ? WordClasses : $"[{WordClasses}]";
            case 'W' when !isInClass:
                return $"[^{WordClasses}]";
            case 'h':
                return isInClass ? "0-9a-fA-F" : "[0-9a-fA-F]";
            case 'p' or 'P' when _at < _expression.Length && _expression[_at] == '{':
                var end = _expression.IndexOf('}', _at);
                if (end < 0)
                    throw new NotSupportedException("a brace is not closed");
                var name = _expression[(_at + 1)..end];
                _at = end + 1;
                var isNegated = name.StartsWith('^') != (c == 'P');
                return $@"\{(isNegated ? 'P' : 'p')}{{{name.TrimStart('^')}}}";
            case 'x' when _at < _expression.Length && _expression[_at] == '{':
                var close = _expression.IndexOf('}', _at);
                if (close < 0 || close - _at > 5)
                    throw new NotSupportedException("it names a character beyond U+FFFF");
                var code = _expression[(_at + 1)..close].PadLeft(4, '0');
                _at = close + 1;
                return $@"\u{code}";
            case 'K' or 'R' or 'X' or 'H' or 'g' or 'W':
                throw new NotSupportedException($"\\{c} is not known");
            default:
                return $@"\{c}";
        }
    }
}
