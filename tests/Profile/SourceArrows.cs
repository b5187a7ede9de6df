using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MbmsMe.Tests.Profile;

/// <summary>
/// Reads from sources which types know which, constants and nameof included, and what their using directives name. What is used
/// without being named (the type of a result, say) only <see cref="CompiledArrows"/> sees.
/// </summary>
internal static class SourceArrows
{
    /// <summary>The arrows between types of namespaces with this prefix.</summary>
    public static IReadOnlyCollection<Arrow> Read(Sources sources, string prefix)
    {
        HashSet<Arrow> arrows = [];
        foreach (SyntaxTree tree in sources.Trees)
        {
            SemanticModel meaning = sources.Meaning(tree);
            foreach (BaseTypeDeclarationSyntax type in tree.GetRoot().DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
            {
                string from = Outermost((INamedTypeSymbol)meaning.GetDeclaredSymbol(type)!);
                IEnumerable<SyntaxNode> names = type.DescendantNodes(node => node == type || node is not BaseTypeDeclarationSyntax)
                    .Where(node => node is SimpleNameSyntax or BaseObjectCreationExpressionSyntax);
                foreach (SyntaxNode node in names)
                {
                    Draw(from, node, Known(meaning.GetSymbolInfo(node)) is INamedTypeSymbol known ? Outermost(known) : null);
                }

                foreach (UsingDirectiveSyntax directive in tree.GetRoot().DescendantNodes().OfType<UsingDirectiveSyntax>())
                {
                    Draw(from, directive, meaning.GetSymbolInfo(directive.NamespaceOrType).Symbol switch
                    {
                        // In the root only a type says which place is meant, and the types used are seen by themselves.
                        INamespaceSymbol folder when folder.ToDisplayString() != FolderOrder.Root => folder.ToDisplayString() + ".*",
                        INamedTypeSymbol named => Outermost(named),
                        _ => null,
                    });
                }
            }
        }

        return arrows;

        void Draw(string from, SyntaxNode node, string? to)
        {
            if (to is not null && to != from && to.StartsWith(prefix, StringComparison.Ordinal))
            {
                arrows.Add(new Arrow(from, Sources.Where(node), to));
            }
        }
    }

    private static INamedTypeSymbol? Known(SymbolInfo info)
    {
        ISymbol? symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
        return symbol switch
        {
            INamedTypeSymbol type => type,
            IFieldSymbol or IMethodSymbol or IPropertySymbol or IEventSymbol => symbol.ContainingType,
            _ => null,
        };
    }

    private static string Outermost(INamedTypeSymbol type) =>
        type.ContainingType is null ? $"{type.ContainingNamespace.ToDisplayString()}.{type.MetadataName}" : Outermost(type.ContainingType);
}
