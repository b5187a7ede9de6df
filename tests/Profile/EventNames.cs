using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MbmsMe.Tests.Profile;

/// <summary>
/// Collects the texts that sources give to a parameter: literals and constants, both sides of a choice, and what reaches it
/// through parameters, locals, fields and results of the sources' own.
/// </summary>
internal sealed class EventNames
{
    private readonly Sources _sources;
    private readonly Dictionary<IMethodSymbol, List<SyntaxNode>> _calls = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, List<ExpressionSyntax>> _given = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _followed = new(SymbolEqualityComparer.Default);
    private readonly List<(string Text, string Where)> _texts = [];

    private EventNames(Sources sources)
    {
        _sources = sources;
        foreach (SyntaxTree tree in sources.Trees)
        {
            SemanticModel meaning = sources.Meaning(tree);
            foreach (SyntaxNode node in tree.GetRoot().DescendantNodes())
            {
                Note(node, meaning);
            }
        }
    }

    /// <summary>The texts that arrive at the first parameter of these methods, and where each is written; null where it cannot be told.</summary>
    public static IReadOnlyList<(string? Text, string Where)> Of(Sources sources, IEnumerable<IMethodSymbol> methods)
    {
        EventNames names = new(sources);
        foreach (IMethodSymbol method in methods)
        {
            names.Follow(method.Parameters[0]);
        }

        return [.. names._texts.Distinct().Select(text => (text.Text.Length == 0 ? null : text.Text, text.Where))];
    }

    private void Note(SyntaxNode node, SemanticModel meaning)
    {
        switch (node)
        {
            case InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax or ConstructorInitializerSyntax or PrimaryConstructorBaseTypeSyntax:
                SymbolInfo called = meaning.GetSymbolInfo(node);
                foreach (IMethodSymbol method in (called.Symbol is null ? called.CandidateSymbols : [called.Symbol]).OfType<IMethodSymbol>())
                {
                    Add(_calls, method.OriginalDefinition, node);
                }

                break;
            case AssignmentExpressionSyntax assignment:
                Give(meaning.GetSymbolInfo(assignment.Left).Symbol, assignment.Right);
                break;
            case VariableDeclaratorSyntax { Initializer: not null } variable:
                Give(meaning.GetDeclaredSymbol(variable), variable.Initializer.Value);
                break;
            case PropertyDeclarationSyntax property:
                Give(meaning.GetDeclaredSymbol(property), property.Initializer?.Value);
                Give(meaning.GetDeclaredSymbol(property), property.ExpressionBody?.Expression);
                break;
            case ArrowExpressionClauseSyntax arrow when arrow.Parent is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax:
                Give(meaning.GetDeclaredSymbol(arrow.Parent), arrow.Expression);
                break;
            case ReturnStatementSyntax returned:
                Give(meaning.GetEnclosingSymbol(returned.SpanStart), returned.Expression);
                break;
        }
    }

    private void Give(ISymbol? taker, ExpressionSyntax? value)
    {
        if (taker is not null && value is not null)
        {
            Add(_given, taker is IMethodSymbol { AssociatedSymbol: IPropertySymbol property } ? property : taker, value);
        }
    }

    private void Follow(IParameterSymbol parameter)
    {
        if (!_followed.Add(parameter))
        {
            return;
        }

        IMethodSymbol method = (IMethodSymbol)parameter.ContainingSymbol;
        foreach (SyntaxNode call in Declarations(method).SelectMany(declared => _calls.GetValueOrDefault(declared, [])))
        {
            ArgumentListSyntax? arguments = call switch
            {
                InvocationExpressionSyntax invocation => invocation.ArgumentList,
                BaseObjectCreationExpressionSyntax creation => creation.ArgumentList,
                ConstructorInitializerSyntax initializer => initializer.ArgumentList,
                PrimaryConstructorBaseTypeSyntax inherited => inherited.ArgumentList,
                _ => null,
            };
            ArgumentSyntax? argument = arguments?.Arguments.FirstOrDefault(candidate => candidate.NameColon?.Name.Identifier.Text == parameter.Name)
                ?? arguments?.Arguments.ElementAtOrDefault(parameter.Ordinal);
            if (argument is not null)
            {
                Follow(argument.Expression);
            }
            else if (parameter.HasExplicitDefaultValue && parameter.ExplicitDefaultValue is string text)
            {
                _texts.Add((text, Sources.Where(call)));
            }
        }
    }

    private void Follow(ExpressionSyntax expression)
    {
        SemanticModel meaning = _sources.Meaning(expression.SyntaxTree);
        if (meaning.GetConstantValue(expression) is { HasValue: true, Value: string text })
        {
            _texts.Add((text, Sources.Where(expression)));
            return;
        }

        switch (expression)
        {
            case ConditionalExpressionSyntax choice:
                Follow(choice.WhenTrue);
                Follow(choice.WhenFalse);
                return;
            case SwitchExpressionSyntax choice:
                foreach (SwitchExpressionArmSyntax arm in choice.Arms)
                {
                    Follow(arm.Expression);
                }

                return;
            case BinaryExpressionSyntax choice when choice.IsKind(SyntaxKind.CoalesceExpression):
                Follow(choice.Left);
                Follow(choice.Right);
                return;
            case ParenthesizedExpressionSyntax inner:
                Follow(inner.Expression);
                return;
            case ThrowExpressionSyntax:
                return;
        }

        SymbolInfo info = meaning.GetSymbolInfo(expression);
        ISymbol? symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
        if (symbol is IParameterSymbol { ContainingSymbol: IMethodSymbol } parameter)
        {
            Follow(parameter);
        }
        else if (symbol is not null && _given.TryGetValue(symbol, out List<ExpressionSyntax>? values))
        {
            if (_followed.Add(symbol))
            {
                values.ForEach(Follow);
            }
        }
        else
        {
            _texts.Add(("", Sources.Where(expression)));
        }
    }

    // A call may name the method, the one it overrides, or one of an interface.
    private static IEnumerable<IMethodSymbol> Declarations(IMethodSymbol method)
    {
        for (IMethodSymbol? declared = method; declared is not null; declared = declared.OverriddenMethod)
        {
            yield return declared;
        }

        foreach (IMethodSymbol member in method.ContainingType.AllInterfaces.SelectMany(contract => contract.GetMembers()).OfType<IMethodSymbol>())
        {
            if (SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method))
            {
                yield return member;
            }
        }
    }

    private static void Add<TKey, TValue>(Dictionary<TKey, List<TValue>> lists, TKey key, TValue value)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out List<TValue>? list))
        {
            lists.Add(key, list = []);
        }

        list.Add(value);
    }
}
