using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace MbmsMe.Tests.Profile;

/// <summary>
/// Reads signatures as documentation IDs write them, and notes on the way what they name and what of it no
/// nanoFramework type system has.
/// </summary>
internal sealed class SignatureReader(MetadataReader reader) : ISignatureTypeProvider<string, object?>
{
    /// <summary>References to types of other assemblies.</summary>
    public List<TypeReferenceHandle> Types { get; } = [];

    /// <summary>Types of the assembly itself.</summary>
    public List<TypeDefinitionHandle> OwnTypes { get; } = [];

    /// <summary>Shapes that do not exist there.</summary>
    public List<string> Shapes { get; } = [];

    /// <summary>The full name of a type.</summary>
    public string Name(EntityHandle type) => type.Kind switch
    {
        HandleKind.TypeDefinition => GetTypeFromDefinition(reader, (TypeDefinitionHandle)type, 0),
        HandleKind.TypeReference => GetTypeFromReference(reader, (TypeReferenceHandle)type, 0),
        _ => GetTypeFromSpecification(reader, null, (TypeSpecificationHandle)type, 0),
    };

    public string GetArrayType(string elementType, ArrayShape shape)
    {
        Shapes.Add($"multi-dimensional array of {elementType}");
        return elementType + "[" + new string(',', shape.Rank - 1) + "]";
    }

    public string GetByReferenceType(string elementType) => elementType + "@";

    public string GetFunctionPointerType(MethodSignature<string> signature)
    {
        Shapes.Add("function pointer");
        return "function pointer";
    }

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments)
    {
        string name = genericType + "{" + string.Join(',', typeArguments) + "}";
        Shapes.Add("generic type " + name);
        return name;
    }

    public string GetGenericMethodParameter(object? genericContext, int index) => "``" + index;

    public string GetGenericTypeParameter(object? genericContext, int index) => "`" + index;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired)
    {
        if (modifier == "System.Runtime.CompilerServices.IsVolatile")
        {
            Shapes.Add("volatile field");
        }

        return unmodifiedType;
    }

    public string GetPinnedType(string elementType) => elementType;

    public string GetPointerType(string elementType)
    {
        Shapes.Add("pointer to " + elementType);
        return elementType + "*";
    }

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "System." + typeCode;

    public string GetSZArrayType(string elementType) => elementType + "[]";

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        OwnTypes.Add(handle);
        TypeDefinition type = reader.GetTypeDefinition(handle);
        return Join(type.IsNested ? Name(type.GetDeclaringType()) : reader.GetString(type.Namespace), reader.GetString(type.Name));
    }

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        Types.Add(handle);
        return NameOf(handle);
    }

    /// <summary>The full name of a type of another assembly, which is not noted.</summary>
    public string NameOf(TypeReferenceHandle handle)
    {
        TypeReference type = reader.GetTypeReference(handle);
        bool nested = type.ResolutionScope.Kind == HandleKind.TypeReference;
        return Join(nested ? NameOf((TypeReferenceHandle)type.ResolutionScope) : reader.GetString(type.Namespace), reader.GetString(type.Name));
    }

    /// <summary>The simple name of the assembly that a reference leads to.</summary>
    public string AssemblyOf(TypeReferenceHandle handle)
    {
        EntityHandle scope = reader.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => AssemblyOf((TypeReferenceHandle)scope),
            HandleKind.AssemblyReference => reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name),
            _ => "",
        };
    }

    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    private static string Join(string scope, string name) => scope.Length == 0 ? name : scope + "." + name;
}
