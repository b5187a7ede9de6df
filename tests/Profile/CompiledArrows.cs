using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MbmsMe.Tests.Profile;

/// <summary>
/// Reads from an assembly which types know which: bases, interfaces, attributes, fields, signatures, and in method bodies
/// locals, casts, catches and the owner of every member used.
/// </summary>
/// <remarks>Constants and nameof leave no trace in metadata; <see cref="SourceArrows"/> sees them.</remarks>
internal sealed class CompiledArrows
{
    private readonly string _prefix;
    private readonly PEReader _file;
    private readonly MetadataReader _reader;
    private readonly HashSet<Arrow> _arrows = [];
    private SignatureReader _named;

    private CompiledArrows(PEReader file, string prefix)
    {
        _file = file;
        _reader = file.GetMetadataReader();
        _named = new SignatureReader(_reader);
        _prefix = prefix;
    }

    /// <summary>The arrows between types of namespaces with this prefix.</summary>
    public static IReadOnlyCollection<Arrow> Read(string assembly, string prefix)
    {
        using PEReader file = new(File.OpenRead(assembly));
        CompiledArrows arrows = new(file, prefix);
        foreach (TypeDefinitionHandle handle in arrows._reader.TypeDefinitions)
        {
            string name = arrows.Outermost(handle);
            if (name.StartsWith(prefix, StringComparison.Ordinal) && !HostCompiler.Wrote(name))
            {
                arrows.Type(name, arrows._reader.GetTypeDefinition(handle));
            }
        }

        return arrows._arrows;
    }

    private void Type(string name, TypeDefinition type)
    {
        Use(type.BaseType);
        foreach (InterfaceImplementationHandle handle in type.GetInterfaceImplementations())
        {
            Use(_reader.GetInterfaceImplementation(handle).Interface);
        }

        Attributes(type.GetCustomAttributes());
        GenericParameters(type.GetGenericParameters());
        Draw(name, _reader.GetString(type.Name));

        foreach (FieldDefinitionHandle handle in type.GetFields())
        {
            FieldDefinition field = _reader.GetFieldDefinition(handle);
            field.DecodeSignature(_named, null);
            Attributes(field.GetCustomAttributes());
            Draw(name, _reader.GetString(field.Name));
        }

        foreach (PropertyDefinitionHandle handle in type.GetProperties())
        {
            PropertyDefinition property = _reader.GetPropertyDefinition(handle);
            Attributes(property.GetCustomAttributes());
            Draw(name, _reader.GetString(property.Name));
        }

        foreach (EventDefinitionHandle handle in type.GetEvents())
        {
            EventDefinition raised = _reader.GetEventDefinition(handle);
            Attributes(raised.GetCustomAttributes());
            Draw(name, _reader.GetString(raised.Name));
        }

        foreach (MethodDefinitionHandle handle in type.GetMethods())
        {
            MethodDefinition method = _reader.GetMethodDefinition(handle);
            Method(method);
            Draw(name, _reader.GetString(method.Name));
        }
    }

    private void Method(MethodDefinition method)
    {
        method.DecodeSignature(_named, null);
        Attributes(method.GetCustomAttributes());
        GenericParameters(method.GetGenericParameters());
        foreach (ParameterHandle handle in method.GetParameters())
        {
            Attributes(_reader.GetParameter(handle).GetCustomAttributes());
        }

        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            _reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_named, null);
        }

        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            Use(region.CatchType);
        }

        foreach ((OpCode _, EntityHandle operand) in MethodTokens.Read(body.GetILBytes()!))
        {
            Use(operand);
        }
    }

    private void GenericParameters(GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterHandle handle in parameters)
        {
            foreach (GenericParameterConstraintHandle constraint in _reader.GetGenericParameter(handle).GetConstraints())
            {
                Use(_reader.GetGenericParameterConstraint(constraint).Type);
            }
        }
    }

    private void Attributes(CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttributeHandle handle in attributes)
        {
            Use(_reader.GetCustomAttribute(handle).Constructor);
        }
    }

    private void Use(EntityHandle used)
    {
        switch (used.IsNil ? HandleKind.ModuleDefinition : used.Kind)
        {
            case HandleKind.TypeReference or HandleKind.TypeDefinition or HandleKind.TypeSpecification:
                _named.Name(used);
                break;
            case HandleKind.FieldDefinition:
                Use(_reader.GetFieldDefinition((FieldDefinitionHandle)used).GetDeclaringType());
                break;
            case HandleKind.MethodDefinition:
                Use(_reader.GetMethodDefinition((MethodDefinitionHandle)used).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                Use(_reader.GetMemberReference((MemberReferenceHandle)used).Parent);
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification generic = _reader.GetMethodSpecification((MethodSpecificationHandle)used);
                Use(generic.Method);
                generic.DecodeSignature(_named, null);
                break;
        }
    }

    private void Draw(string from, string where)
    {
        IEnumerable<string> known = _named.Types.Select(Outermost).Concat(_named.OwnTypes.Select(Outermost));
        foreach (string to in known.Where(name => name != from && name.StartsWith(_prefix, StringComparison.Ordinal)))
        {
            _arrows.Add(new Arrow(from, where, to));
        }

        _named = new SignatureReader(_reader);
    }

    private string Outermost(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _reader.GetTypeDefinition(handle);
        return type.IsNested ? Outermost(type.GetDeclaringType()) : _reader.GetString(type.Namespace) + "." + _reader.GetString(type.Name);
    }

    private string Outermost(TypeReferenceHandle handle)
    {
        TypeReference type = _reader.GetTypeReference(handle);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? Outermost((TypeReferenceHandle)type.ResolutionScope)
            : _reader.GetString(type.Namespace) + "." + _reader.GetString(type.Name);
    }
}
