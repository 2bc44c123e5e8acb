import{a as l,b as u,c as p,d as J,e as m,f as X,g as Z,h as $i,i as ki,j as Ei}from"./chunk-SSTONQ5Q.js";var nt=globalThis,ot=nt.ShadowRoot&&(nt.ShadyCSS===void 0||nt.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Xt=Symbol(),Ti=new WeakMap,je=class{constructor(t,e,i){if(this._$cssResult$=!0,i!==Xt)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=t,this.t=e}get styleSheet(){let t=this.o,e=this.t;if(ot&&t===void 0){let i=e!==void 0&&e.length===1;i&&(t=Ti.get(e)),t===void 0&&((this.o=t=new CSSStyleSheet).replaceSync(this.cssText),i&&Ti.set(e,t))}return t}toString(){return this.cssText}},Ai=r=>new je(typeof r=="string"?r:r+"",void 0,Xt),f=(r,...t)=>{let e=r.length===1?r[0]:t.reduce((i,n,o)=>i+(s=>{if(s._$cssResult$===!0)return s.cssText;if(typeof s=="number")return s;throw Error("Value passed to 'css' function must be a 'css' function result: "+s+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(n)+r[o+1],r[0]);return new je(e,r,Xt)},Si=(r,t)=>{if(ot)r.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let e of t){let i=document.createElement("style"),n=nt.litNonce;n!==void 0&&i.setAttribute("nonce",n),i.textContent=e.cssText,r.appendChild(i)}},Zt=ot?r=>r:r=>r instanceof CSSStyleSheet?(t=>{let e="";for(let i of t.cssRules)e+=i.cssText;return Ai(e)})(r):r;var{is:tn,defineProperty:rn,getOwnPropertyDescriptor:nn,getOwnPropertyNames:on,getOwnPropertySymbols:sn,getPrototypeOf:an}=Object,st=globalThis,_i=st.trustedTypes,ln=_i?_i.emptyScript:"",dn=st.reactiveElementPolyfillSupport,ze=(r,t)=>r,qe={toAttribute(r,t){switch(t){case Boolean:r=r?ln:null;break;case Object:case Array:r=r==null?r:JSON.stringify(r)}return r},fromAttribute(r,t){let e=r;switch(t){case Boolean:e=r!==null;break;case Number:e=r===null?null:Number(r);break;case Object:case Array:try{e=JSON.parse(r)}catch{e=null}}return e}},at=(r,t)=>!tn(r,t),Mi={attribute:!0,type:String,converter:qe,reflect:!1,useDefault:!1,hasChanged:at};Symbol.metadata??=Symbol("metadata"),st.litPropertyMetadata??=new WeakMap;var Y=class extends HTMLElement{static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(t,e=Mi){if(e.state&&(e.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(t)&&((e=Object.create(e)).wrapped=!0),this.elementProperties.set(t,e),!e.noAccessor){let i=Symbol(),n=this.getPropertyDescriptor(t,i,e);n!==void 0&&rn(this.prototype,t,n)}}static getPropertyDescriptor(t,e,i){let{get:n,set:o}=nn(this.prototype,t)??{get(){return this[e]},set(s){this[e]=s}};return{get:n,set(s){let h=n?.call(this);o?.call(this,s),this.requestUpdate(t,h,i)},configurable:!0,enumerable:!0}}static getPropertyOptions(t){return this.elementProperties.get(t)??Mi}static _$Ei(){if(this.hasOwnProperty(ze("elementProperties")))return;let t=an(this);t.finalize(),t.l!==void 0&&(this.l=[...t.l]),this.elementProperties=new Map(t.elementProperties)}static finalize(){if(this.hasOwnProperty(ze("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(ze("properties"))){let e=this.properties,i=[...on(e),...sn(e)];for(let n of i)this.createProperty(n,e[n])}let t=this[Symbol.metadata];if(t!==null){let e=litPropertyMetadata.get(t);if(e!==void 0)for(let[i,n]of e)this.elementProperties.set(i,n)}this._$Eh=new Map;for(let[e,i]of this.elementProperties){let n=this._$Eu(e,i);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(t){let e=[];if(Array.isArray(t)){let i=new Set(t.flat(1/0).reverse());for(let n of i)e.unshift(Zt(n))}else t!==void 0&&e.push(Zt(t));return e}static _$Eu(t,e){let i=e.attribute;return i===!1?void 0:typeof i=="string"?i:typeof t=="string"?t.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(t=>this.enableUpdating=t),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(t=>t(this))}addController(t){(this._$EO??=new Set).add(t),this.renderRoot!==void 0&&this.isConnected&&t.hostConnected?.()}removeController(t){this._$EO?.delete(t)}_$E_(){let t=new Map,e=this.constructor.elementProperties;for(let i of e.keys())this.hasOwnProperty(i)&&(t.set(i,this[i]),delete this[i]);t.size>0&&(this._$Ep=t)}createRenderRoot(){let t=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return Si(t,this.constructor.elementStyles),t}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(t=>t.hostConnected?.())}enableUpdating(t){}disconnectedCallback(){this._$EO?.forEach(t=>t.hostDisconnected?.())}attributeChangedCallback(t,e,i){this._$AK(t,i)}_$ET(t,e){let i=this.constructor.elementProperties.get(t),n=this.constructor._$Eu(t,i);if(n!==void 0&&i.reflect===!0){let o=(i.converter?.toAttribute!==void 0?i.converter:qe).toAttribute(e,i.type);this._$Em=t,o==null?this.removeAttribute(n):this.setAttribute(n,o),this._$Em=null}}_$AK(t,e){let i=this.constructor,n=i._$Eh.get(t);if(n!==void 0&&this._$Em!==n){let o=i.getPropertyOptions(n),s=typeof o.converter=="function"?{fromAttribute:o.converter}:o.converter?.fromAttribute!==void 0?o.converter:qe;this._$Em=n;let h=s.fromAttribute(e,o.type);this[n]=h??this._$Ej?.get(n)??h,this._$Em=null}}requestUpdate(t,e,i,n=!1,o){if(t!==void 0){let s=this.constructor;if(n===!1&&(o=this[t]),i??=s.getPropertyOptions(t),!((i.hasChanged??at)(o,e)||i.useDefault&&i.reflect&&o===this._$Ej?.get(t)&&!this.hasAttribute(s._$Eu(t,i))))return;this.C(t,e,i)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(t,e,{useDefault:i,reflect:n,wrapped:o},s){i&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,s??e??this[t]),o!==!0||s!==void 0)||(this._$AL.has(t)||(this.hasUpdated||i||(e=void 0),this._$AL.set(t,e)),n===!0&&this._$Em!==t&&(this._$Eq??=new Set).add(t))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let t=this.scheduleUpdate();return t!=null&&await t,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[n,o]of this._$Ep)this[n]=o;this._$Ep=void 0}let i=this.constructor.elementProperties;if(i.size>0)for(let[n,o]of i){let{wrapped:s}=o,h=this[n];s!==!0||this._$AL.has(n)||h===void 0||this.C(n,void 0,o,h)}}let t=!1,e=this._$AL;try{t=this.shouldUpdate(e),t?(this.willUpdate(e),this._$EO?.forEach(i=>i.hostUpdate?.()),this.update(e)):this._$EM()}catch(i){throw t=!1,this._$EM(),i}t&&this._$AE(e)}willUpdate(t){}_$AE(t){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(t)),this.updated(t)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(t){return!0}update(t){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(t){}firstUpdated(t){}};Y.elementStyles=[],Y.shadowRootOptions={mode:"open"},Y[ze("elementProperties")]=new Map,Y[ze("finalized")]=new Map,dn?.({ReactiveElement:Y}),(st.reactiveElementVersions??=[]).push("2.1.2");var ti=globalThis,Ci=r=>r,lt=ti.trustedTypes,Pi=lt?lt.createPolicy("lit-html",{createHTML:r=>r}):void 0,ii="$lit$",G=`lit$${Math.random().toFixed(9).slice(2)}$`,ri="?"+G,cn=`<${ri}>`,ce=document,Fe=()=>ce.createComment(""),We=r=>r===null||typeof r!="object"&&typeof r!="function",ni=Array.isArray,Di=r=>ni(r)||typeof r?.[Symbol.iterator]=="function",ei=`[ 	
\f\r]`,Ke=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Ri=/-->/g,Li=/>/g,le=RegExp(`>|${ei}(?:([^\\s"'>=/]+)(${ei}*=${ei}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),Oi=/'/g,Ni=/"/g,Hi=/^(?:script|style|textarea|title)$/i,oi=r=>(t,...e)=>({_$litType$:r,strings:t,values:e}),a=oi(1),T=oi(2),ho=oi(3),Q=Symbol.for("lit-noChange"),c=Symbol.for("lit-nothing"),Ii=new WeakMap,de=ce.createTreeWalker(ce,129);function Ui(r,t){if(!ni(r)||!r.hasOwnProperty("raw"))throw Error("invalid template strings array");return Pi!==void 0?Pi.createHTML(t):t}var ji=(r,t)=>{let e=r.length-1,i=[],n,o=t===2?"<svg>":t===3?"<math>":"",s=Ke;for(let h=0;h<e;h++){let d=r[h],k,_,v=-1,S=0;for(;S<d.length&&(s.lastIndex=S,_=s.exec(d),_!==null);)S=s.lastIndex,s===Ke?_[1]==="!--"?s=Ri:_[1]!==void 0?s=Li:_[2]!==void 0?(Hi.test(_[2])&&(n=RegExp("</"+_[2],"g")),s=le):_[3]!==void 0&&(s=le):s===le?_[0]===">"?(s=n??Ke,v=-1):_[1]===void 0?v=-2:(v=s.lastIndex-_[2].length,k=_[1],s=_[3]===void 0?le:_[3]==='"'?Ni:Oi):s===Ni||s===Oi?s=le:s===Ri||s===Li?s=Ke:(s=le,n=void 0);let E=s===le&&r[h+1].startsWith("/>")?" ":"";o+=s===Ke?d+cn:v>=0?(i.push(k),d.slice(0,v)+ii+d.slice(v)+G+E):d+G+(v===-2?h:E)}return[Ui(r,o+(r[e]||"<?>")+(t===2?"</svg>":t===3?"</math>":"")),i]},Be=class r{constructor({strings:t,_$litType$:e},i){let n;this.parts=[];let o=0,s=0,h=t.length-1,d=this.parts,[k,_]=ji(t,e);if(this.el=r.createElement(k,i),de.currentNode=this.el.content,e===2||e===3){let v=this.el.content.firstChild;v.replaceWith(...v.childNodes)}for(;(n=de.nextNode())!==null&&d.length<h;){if(n.nodeType===1){if(n.hasAttributes())for(let v of n.getAttributeNames())if(v.endsWith(ii)){let S=_[s++],E=n.getAttribute(v).split(G),P=/([.?@])?(.*)/.exec(S);d.push({type:1,index:o,name:P[2],strings:E,ctor:P[1]==="."?ct:P[1]==="?"?ht:P[1]==="@"?pt:pe}),n.removeAttribute(v)}else v.startsWith(G)&&(d.push({type:6,index:o}),n.removeAttribute(v));if(Hi.test(n.tagName)){let v=n.textContent.split(G),S=v.length-1;if(S>0){n.textContent=lt?lt.emptyScript:"";for(let E=0;E<S;E++)n.append(v[E],Fe()),de.nextNode(),d.push({type:2,index:++o});n.append(v[S],Fe())}}}else if(n.nodeType===8)if(n.data===ri)d.push({type:2,index:o});else{let v=-1;for(;(v=n.data.indexOf(G,v+1))!==-1;)d.push({type:7,index:o}),v+=G.length-1}o++}}static createElement(t,e){let i=ce.createElement("template");return i.innerHTML=t,i}};function he(r,t,e=r,i){if(t===Q)return t;let n=i!==void 0?e._$Co?.[i]:e._$Cl,o=We(t)?void 0:t._$litDirective$;return n?.constructor!==o&&(n?._$AO?.(!1),o===void 0?n=void 0:(n=new o(r),n._$AT(r,e,i)),i!==void 0?(e._$Co??=[])[i]=n:e._$Cl=n),n!==void 0&&(t=he(r,n._$AS(r,t.values),n,i)),t}var dt=class{constructor(t,e){this._$AV=[],this._$AN=void 0,this._$AD=t,this._$AM=e}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(t){let{el:{content:e},parts:i}=this._$AD,n=(t?.creationScope??ce).importNode(e,!0);de.currentNode=n;let o=de.nextNode(),s=0,h=0,d=i[0];for(;d!==void 0;){if(s===d.index){let k;d.type===2?k=new ke(o,o.nextSibling,this,t):d.type===1?k=new d.ctor(o,d.name,d.strings,this,t):d.type===6&&(k=new mt(o,this,t)),this._$AV.push(k),d=i[++h]}s!==d?.index&&(o=de.nextNode(),s++)}return de.currentNode=ce,n}p(t){let e=0;for(let i of this._$AV)i!==void 0&&(i.strings!==void 0?(i._$AI(t,i,e),e+=i.strings.length-2):i._$AI(t[e])),e++}},ke=class r{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t,e,i,n){this.type=2,this._$AH=c,this._$AN=void 0,this._$AA=t,this._$AB=e,this._$AM=i,this.options=n,this._$Cv=n?.isConnected??!0}get parentNode(){let t=this._$AA.parentNode,e=this._$AM;return e!==void 0&&t?.nodeType===11&&(t=e.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(t,e=this){t=he(this,t,e),We(t)?t===c||t==null||t===""?(this._$AH!==c&&this._$AR(),this._$AH=c):t!==this._$AH&&t!==Q&&this._(t):t._$litType$!==void 0?this.$(t):t.nodeType!==void 0?this.T(t):Di(t)?this.k(t):this._(t)}O(t){return this._$AA.parentNode.insertBefore(t,this._$AB)}T(t){this._$AH!==t&&(this._$AR(),this._$AH=this.O(t))}_(t){this._$AH!==c&&We(this._$AH)?this._$AA.nextSibling.data=t:this.T(ce.createTextNode(t)),this._$AH=t}$(t){let{values:e,_$litType$:i}=t,n=typeof i=="number"?this._$AC(t):(i.el===void 0&&(i.el=Be.createElement(Ui(i.h,i.h[0]),this.options)),i);if(this._$AH?._$AD===n)this._$AH.p(e);else{let o=new dt(n,this),s=o.u(this.options);o.p(e),this.T(s),this._$AH=o}}_$AC(t){let e=Ii.get(t.strings);return e===void 0&&Ii.set(t.strings,e=new Be(t)),e}k(t){ni(this._$AH)||(this._$AH=[],this._$AR());let e=this._$AH,i,n=0;for(let o of t)n===e.length?e.push(i=new r(this.O(Fe()),this.O(Fe()),this,this.options)):i=e[n],i._$AI(o),n++;n<e.length&&(this._$AR(i&&i._$AB.nextSibling,n),e.length=n)}_$AR(t=this._$AA.nextSibling,e){for(this._$AP?.(!1,!0,e);t!==this._$AB;){let i=Ci(t).nextSibling;Ci(t).remove(),t=i}}setConnected(t){this._$AM===void 0&&(this._$Cv=t,this._$AP?.(t))}},pe=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(t,e,i,n,o){this.type=1,this._$AH=c,this._$AN=void 0,this.element=t,this.name=e,this._$AM=n,this.options=o,i.length>2||i[0]!==""||i[1]!==""?(this._$AH=Array(i.length-1).fill(new String),this.strings=i):this._$AH=c}_$AI(t,e=this,i,n){let o=this.strings,s=!1;if(o===void 0)t=he(this,t,e,0),s=!We(t)||t!==this._$AH&&t!==Q,s&&(this._$AH=t);else{let h=t,d,k;for(t=o[0],d=0;d<o.length-1;d++)k=he(this,h[i+d],e,d),k===Q&&(k=this._$AH[d]),s||=!We(k)||k!==this._$AH[d],k===c?t=c:t!==c&&(t+=(k??"")+o[d+1]),this._$AH[d]=k}s&&!n&&this.j(t)}j(t){t===c?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,t??"")}},ct=class extends pe{constructor(){super(...arguments),this.type=3}j(t){this.element[this.name]=t===c?void 0:t}},ht=class extends pe{constructor(){super(...arguments),this.type=4}j(t){this.element.toggleAttribute(this.name,!!t&&t!==c)}},pt=class extends pe{constructor(t,e,i,n,o){super(t,e,i,n,o),this.type=5}_$AI(t,e=this){if((t=he(this,t,e,0)??c)===Q)return;let i=this._$AH,n=t===c&&i!==c||t.capture!==i.capture||t.once!==i.once||t.passive!==i.passive,o=t!==c&&(i===c||n);n&&this.element.removeEventListener(this.name,this,i),o&&this.element.addEventListener(this.name,this,t),this._$AH=t}handleEvent(t){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)}},mt=class{constructor(t,e,i){this.element=t,this.type=6,this._$AN=void 0,this._$AM=e,this.options=i}get _$AU(){return this._$AM._$AU}_$AI(t){he(this,t)}},zi={M:ii,P:G,A:ri,C:1,L:ji,R:dt,D:Di,V:he,I:ke,H:pe,N:ht,U:pt,B:ct,F:mt},hn=ti.litHtmlPolyfillSupport;hn?.(Be,ke),(ti.litHtmlVersions??=[]).push("3.3.3");var qi=(r,t,e)=>{let i=e?.renderBefore??t,n=i._$litPart$;if(n===void 0){let o=e?.renderBefore??null;i._$litPart$=n=new ke(t.insertBefore(Fe(),o),o,void 0,e??{})}return n._$AI(r),n};var si=globalThis,g=class extends Y{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let t=super.createRenderRoot();return this.renderOptions.renderBefore??=t.firstChild,t}update(t){let e=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(t),this._$Do=qi(e,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return Q}};g._$litElement$=!0,g.finalized=!0,si.litElementHydrateSupport?.({LitElement:g});var pn=si.litElementPolyfillSupport;pn?.({LitElement:g});(si.litElementVersions??=[]).push("4.2.2");var b=r=>(t,e)=>{e!==void 0?e.addInitializer(()=>{customElements.define(r,t)}):customElements.define(r,t)};var mn={attribute:!0,type:String,converter:qe,reflect:!1,hasChanged:at},un=(r=mn,t,e)=>{let{kind:i,metadata:n}=e,o=globalThis.litPropertyMetadata.get(n);if(o===void 0&&globalThis.litPropertyMetadata.set(n,o=new Map),i==="setter"&&((r=Object.create(r)).wrapped=!0),o.set(e.name,r),i==="accessor"){let{name:s}=e;return{set(h){let d=t.get.call(this);t.set.call(this,h),this.requestUpdate(s,d,r,!0,h)},init(h){return h!==void 0&&this.C(s,void 0,r,h),h}}}if(i==="setter"){let{name:s}=e;return function(h){let d=this[s];t.call(this,h),this.requestUpdate(s,d,r,!0,h)}}throw Error("Unsupported decorator location: "+i)};function y(r){return(t,e)=>typeof e=="object"?un(r,t,e):((i,n,o)=>{let s=n.hasOwnProperty(o);return n.constructor.createProperty(o,i),s?Object.getOwnPropertyDescriptor(n,o):void 0})(r,t,e)}function $(r){return y({...r,state:!0,attribute:!1})}var me=(r,t,e)=>(e.configurable=!0,e.enumerable=!0,Reflect.decorate&&typeof t!="object"&&Object.defineProperty(r,t,e),e);function M(r,t){return(e,i,n)=>{let o=s=>s.renderRoot?.querySelector(r)??null;if(t){let{get:s,set:h}=typeof i=="object"?e:n??(()=>{let d=Symbol();return{get(){return this[d]},set(k){this[d]=k}}})();return me(e,i,{get(){let d=s.call(this);return d===void 0&&(d=o(this),(d!==null||this.hasUpdated)&&h.call(this,d)),d}})}return me(e,i,{get(){return o(this)}})}}var w=f`
  :host { box-sizing: border-box; }
  :host([hidden]), [hidden] { display: none !important; }
  *, *::before, *::after { box-sizing: border-box; }
  h1, h2, h3, p, ul, ol, figure { margin: 0; padding: 0; }
  ul, ol { list-style: none; }
  h1, h2, h3 { font-weight: 620; letter-spacing: -0.011em; line-height: 1.2; text-wrap: balance; }
  h1 { font-size: var(--text-2xl); letter-spacing: -0.022em; }
  h2 { font-size: var(--text-l); }
  p { text-wrap: pretty; }
  a { color: var(--accent); text-underline-offset: 0.18em; }
  :focus-visible { outline: var(--focus); outline-offset: 2px; }
  .muted { color: var(--ink-2); }
  .small { font-size: var(--text-s); }
  .visually-hidden {
    position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { animation-duration: 0.01ms !important; animation-iteration-count: 1 !important; transition-duration: 0.01ms !important; }
  }
`;var A=f`
  .button {
    display: inline-flex; align-items: center; justify-content: center; gap: 0.5rem;
    min-height: 2.5rem; padding: 0.5rem 0.95rem; border: 1px solid var(--line); border-radius: var(--radius-m);
    background: var(--raised); color: var(--ink); font: 560 var(--text-m)/1.2 var(--font); text-decoration: none;
    white-space: nowrap; cursor: pointer; transition: background 120ms, border-color 120ms, color 120ms, transform 80ms;
    -webkit-tap-highlight-color: transparent;
  }
  .button:hover { border-color: var(--line-strong); }
  .button:active { transform: translateY(1px); }
  .button[disabled] { opacity: 0.55; cursor: default; transform: none; border-color: var(--line); }
  .button.primary { background: var(--accent); border-color: transparent; color: var(--accent-ink); }
  .button.primary:hover:not([disabled]) { background: var(--accent-hover); }
  .button.danger { background: var(--danger-solid); border-color: transparent; color: #fff; }
  .button.danger:hover { background: var(--danger-solid-hover); }
  .button.quiet { background: transparent; border-color: transparent; color: var(--ink-2); }
  .button.quiet:hover { background: color-mix(in srgb, var(--ink) 7%, transparent); color: var(--ink); }
  .button.large { min-height: 3rem; padding: 0.7rem 1.4rem; font-size: 1rem; }
  .button.wide { width: 100%; }
  .button.round { width: 2.5rem; padding: 0; border-radius: 50%; }
  .button svg { flex: none; }
`;var fn={mic:T`<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>`,"mic-off":T`<path d="M15 9.5V6a3 3 0 0 0-5.8-1M9 9.5V11a3 3 0 0 0 4.2 2.75M5.5 11.5a6.5 6.5 0 0 0 9.8 5.6M18.5 11.5c0 1-.2 1.9-.6 2.7M12 18v3M4 3.5l16 17"/>`,screen:T`<rect x="3" y="4.5" width="18" height="12" rx="2"/><path d="M9 20h6M12 7.5v5.5M9.5 9.8 12 7.3l2.5 2.5"/>`,pause:T`<path d="M9 6v12M15 6v12"/>`,play:T`<path d="M8 5.5v13l10.5-6.5z"/>`,stop:T`<rect x="6.5" y="6.5" width="11" height="11" rx="2"/>`,agent:T`<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4"/>`,"agent-off":T`<path d="M9.2 9.2a4 4 0 0 0 5.6 5.6M15.9 12.8A4 4 0 0 0 11.2 8.1M12 3v2M12 19v2M3 12h2M19 12h2M17 7l1.4-1.4M5.6 18.4 7 17M4 3.5l16 17"/>`,link:T`<path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17"/>`,leave:T`<path d="M10 4H6.5A2.5 2.5 0 0 0 4 6.5v11A2.5 2.5 0 0 0 6.5 20H10M15 8l4 4-4 4M19 12H9.5"/>`,send:T`<path d="M12 19V5M6 11l6-6 6 6"/>`,close:T`<path d="M6 6l12 12M18 6 6 18"/>`,copy:T`<rect x="8.5" y="8.5" width="11.5" height="11.5" rx="2.5"/><path d="M15.5 5.5A2 2 0 0 0 13.5 4h-7A2.5 2.5 0 0 0 4 6.5v7a2 2 0 0 0 1.5 2"/>`,check:T`<path d="M5 12.5l4.5 4.5L19 7.5"/>`,thread:T`<path d="M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4v-4A2.5 2.5 0 0 1 4 13.5z"/>`,transcript:T`<path d="M6 3.5h8l4 4V18a2.5 2.5 0 0 1-2.5 2.5h-7A2.5 2.5 0 0 1 6 18zM9.5 11h5M9.5 14.5h5"/>`,sun:T`<circle cx="12" cy="12" r="4"/><path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.600l1.1 1.100M17.3 17.300l1.1 1.100M5.6 18.400l1.1-1.100M17.3 6.700l1.1-1.1"/>`,moon:T`<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"/>`,auto:T`<circle cx="12" cy="12" r="8"/><path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor"/>`,info:T`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8h.01"/>`,alert:T`<path d="M12 4 3.5 19h17zM12 10v4M12 16.5h.01"/>`,volume:T`<path d="M4 10v4h3.5L12 18V6L7.5 10zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11"/>`,download:T`<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14"/>`,shield:T`<path d="M12 3.5 5 6v5.5c0 4.3 2.9 7.5 7 9 4.1-1.5 7-4.7 7-9V6z"/>`,arrow:T`<path d="M5 12h14M13 6l6 6-6 6"/>`};function x(r,t=20){return a`<svg width=${t} height=${t} viewBox="0 0 24 24" fill="none" stroke="currentColor"
    stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${fn[r]}</svg>`}var Ki={auto:"light",light:"dark",dark:"auto"},gn={auto:"auto",light:"sun",dark:"moon"},Fi={auto:"as the system",light:"light",dark:"dark"};function ai(r=Wi()){r==="auto"?delete document.documentElement.dataset.theme:document.documentElement.dataset.theme=r}function Wi(){let r=Z("theme");return r==="light"||r==="dark"?r:"auto"}var ut,Bi,Ee=class extends g{constructor(){super(...arguments);p(this,ut);this.theme=Wi()}render(){let e=`Theme: ${Fi[this.theme]}. Switch to ${Fi[Ki[this.theme]]}`;return a`<button class="button quiet round" aria-label=${e} title=${e} @click=${m(this,ut,Bi)}>
      ${x(gn[this.theme])}
    </button>`}};ut=new WeakSet,Bi=function(){this.theme=Ki[this.theme],X("theme",this.theme),ai(this.theme)},Ee.styles=[w,A],l([$()],Ee.prototype,"theme",2),Ee=l([b("parley-theme")],Ee);var C=class extends Error{constructor(t,e,i="",n=null){super(t),this.status=e,this.code=i,this.retryAfterS=n}get isAway(){return this.status===0||this.status>=500}},yn=15e3;async function Vi(){try{return li(await j("GET","/v1/sessions/current"))}catch(r){if(r instanceof C&&r.status===401)return null;throw r}}async function Yi(r,t){return li(await j("POST","/v1/sessions",{email:r,password:t}))}async function Gi(r,t){return li(await j("POST","/v1/sessions",{invite:r,name:t}))}function Qi(){return j("DELETE","/v1/sessions/current")}function Ji(){return j("GET","/v1/deployment")}function Xi(r){return j("GET",`/v1/invites/${encodeURIComponent(r)}`)}function Zi(r){return j("POST",`/v1/rooms/${encodeURIComponent(r)}/invites`,{})}function er(r){return j("GET",`/v1/rooms/${encodeURIComponent(r)}`)}function tr(r,t,e){return j("POST","/v1/token",{room_name:r,participant_identity:t,participant_name:e})}async function ft(r){let t=new URLSearchParams({room_name:r,limit:"1"}),i=(await j("GET",`/v1/conversations?${t}`)).data[0];if(i===void 0)return[];let n=`/v1/conversations/${i.id}/transcript.json`;return(await j("GET",n)).turns}async function j(r,t,e){let i={method:r,signal:AbortSignal.timeout(yn),cache:"no-store"};e!==void 0&&(i.body=JSON.stringify(e),i.headers={"content-type":"application/json"});let n;try{n=await fetch(t,i)}catch{throw new C("The server does not answer. Is it running?",0,"unreachable")}if(!n.ok)throw await vn(n);return n.status===204?void 0:await n.json()}async function vn(r){let t=await r.json().catch(()=>({})),e=`The server answered with status ${r.status}.`,i=Number(r.headers.get("retry-after"));return new C(t.detail??t.title??e,r.status,t.code??"",Number.isFinite(i)&&i>0?i:null)}function li(r){let t=r.user??r.guest;if(t===null)throw new C("The server sent a session without a person.",500,"session");return{identity:t.id,kind:r.user?"member":"guest",name:t.name,email:r.user?.email??null,tenant:r.tenant,roomName:r.guest?.room_name??null}}var bn={info:"info",caution:"alert",error:"alert"},Te=class extends g{constructor(){super(...arguments);this.tone="info"}willUpdate(){this.role=this.tone==="error"?"alert":"status"}render(){return a`${x(bn[this.tone]??"info",18)}
      <div class="text"><slot></slot></div>
      <slot name="action"></slot>`}};Te.styles=[w,f`
      :host {
        display: flex; align-items: center; gap: 0.7rem; padding: 0.65rem 0.9rem; border-radius: var(--radius-m);
        background: var(--accent-soft); color: var(--ink); font-size: var(--text-m); line-height: 1.4;
      }
      :host([tone="caution"]) { background: var(--caution-soft); color: var(--caution-ink); }
      :host([tone="error"]) { background: var(--danger-soft); color: var(--danger); }
      .text { flex: 1; min-width: 0; overflow-wrap: anywhere; }
      svg { flex: none; }
    `],l([y({reflect:!0})],Te.prototype,"tone",2),Te=l([b("parley-banner")],Te);function I(r,t){let e=r.error??r.hint;return a`
    <div class="field ${r.error?"wrong":""}">
      <label for=${r.id}>${r.label}</label>
      ${t}
      ${e?a`<p class="note" id="${r.id}-note">${e}</p>`:c}
    </div>
  `}var K=f`
  .field { display: grid; gap: 0.375rem; min-width: 0; }
  .field label { font-size: var(--text-s); font-weight: 560; color: var(--ink-2); }
  .field input, .field select {
    width: 100%; min-width: 0; height: 2.75rem; padding: 0 0.8rem; border: 1px solid var(--line-strong);
    border-radius: var(--radius-m); background: var(--raised); color: var(--ink); font: 400 1rem/1.2 var(--font);
    transition: border-color 120ms;
  }
  .field select { text-overflow: ellipsis; }
  .field input:hover, .field select:hover { border-color: var(--ink-3); }
  .field input:focus-visible, .field select:focus-visible { outline: var(--focus); outline-offset: 0; border-color: var(--accent); }
  .field input[readonly] { background: transparent; border-color: var(--line); color: var(--ink-2); }
  .field input::placeholder { color: var(--ink-3); }
  .field .note { font-size: var(--text-s); color: var(--ink-3); }
  .field.wrong input { border-color: var(--danger); }
  .field.wrong .note { color: var(--danger); }
`;function ee(r){r.renderRoot.querySelector("[autofocus]")?.focus()}var Ve=class extends g{render(){return a`
      <svg width="26" height="26" viewBox="0 0 26 26" fill="none" aria-hidden="true">
        <path class="ring" d="M13 1a12 12 0 1 1-6.2 22.300L2.2 24.6 3.4 19.900A12 12 0 0 1 13 1z" />
        <path class="voice" d="M8.5 11.500v3M11.5 8.500v9M14.5 10.500v5M17.5 12.200v1.6" stroke-width="1.8" stroke-linecap="round" />
      </svg>
      <span>Parley</span>
    `}};Ve.styles=[w,f`
      :host { display: inline-flex; align-items: center; gap: 0.55rem; font-weight: 680; font-size: 1.0625rem; letter-spacing: -0.02em; }
      svg { display: block; }
      .ring { fill: var(--accent); }
      .voice { stroke: var(--accent-ink); }
    `],Ve=l([b("parley-brand")],Ve);var Ye=class extends g{render(){return a`
      <header><parley-brand></parley-brand><span class="space"></span><slot name="end"></slot><parley-theme></parley-theme></header>
      <main><slot></slot></main>
    `}};Ye.styles=[w,f`
      :host { display: grid; grid-template-rows: auto 1fr; min-height: 100svh; }
      header { display: flex; align-items: center; gap: 0.5rem; padding: 1rem clamp(1rem, 4vw, 2rem); }
      .space { flex: 1; }
      main { display: grid; align-items: center; justify-items: center; padding: 0.5rem clamp(1rem, 4vw, 2rem) clamp(2rem, 8vh, 6rem); min-width: 0; }
      main > ::slotted(*) { min-width: 0; }
    `],Ye=l([b("parley-frame")],Ye);var ir={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},rr=r=>(...t)=>({_$litDirective$:r,values:t}),gt=class{constructor(t){}get _$AU(){return this._$AM._$AU}_$AT(t,e,i){this._$Ct=t,this._$AM=e,this._$Ci=i}_$AS(t,e){return this.update(t,e)}update(t,e){return this.render(...e)}};var{I:wn}=zi,nr=r=>r;var or=()=>document.createComment(""),Ae=(r,t,e)=>{let i=r._$AA.parentNode,n=t===void 0?r._$AB:t._$AA;if(e===void 0){let o=i.insertBefore(or(),n),s=i.insertBefore(or(),n);e=new wn(o,s,r,r.options)}else{let o=e._$AB.nextSibling,s=e._$AM,h=s!==r;if(h){let d;e._$AQ?.(r),e._$AM=r,e._$AP!==void 0&&(d=r._$AU)!==s._$AU&&e._$AP(d)}if(o!==n||h){let d=e._$AA;for(;d!==o;){let k=nr(d).nextSibling;nr(i).insertBefore(d,n),d=k}}}return e},te=(r,t,e=r)=>(r._$AI(t,e),r),xn={},sr=(r,t=xn)=>r._$AH=t,ar=r=>r._$AH,yt=r=>{r._$AR(),r._$AA.remove()};var lr=(r,t,e)=>{let i=new Map;for(let n=t;n<=e;n++)i.set(r[n],n);return i},ue=rr(class extends gt{constructor(r){if(super(r),r.type!==ir.CHILD)throw Error("repeat() can only be used in text expressions")}dt(r,t,e){let i;e===void 0?e=t:t!==void 0&&(i=t);let n=[],o=[],s=0;for(let h of r)n[s]=i?i(h,s):s,o[s]=e(h,s),s++;return{values:o,keys:n}}render(r,t,e){return this.dt(r,t,e).values}update(r,[t,e,i]){let n=ar(r),{values:o,keys:s}=this.dt(t,e,i);if(!Array.isArray(n))return this.ut=s,o;let h=this.ut??=[],d=[],k,_,v=0,S=n.length-1,E=0,P=o.length-1;for(;v<=S&&E<=P;)if(n[v]===null)v++;else if(n[S]===null)S--;else if(h[v]===s[E])d[E]=te(n[v],o[E]),v++,E++;else if(h[S]===s[P])d[P]=te(n[S],o[P]),S--,P--;else if(h[v]===s[P])d[P]=te(n[v],o[P]),Ae(r,d[P+1],n[v]),v++,P--;else if(h[S]===s[E])d[E]=te(n[S],o[E]),Ae(r,n[v],n[S]),S--,E++;else if(k===void 0&&(k=lr(s,E,P),_=lr(h,v,S)),k.has(h[v]))if(k.has(h[S])){let V=_.get(s[E]),Jt=V!==void 0?n[V]:null;if(Jt===null){let xi=Ae(r,n[v]);te(xi,o[E]),d[E]=xi}else d[E]=te(Jt,o[E]),Ae(r,n[v],Jt),n[V]=null;E++}else yt(n[S]),S--;else yt(n[v]),v++;for(;E<=P;){let V=Ae(r,d[P+1]);te(V,o[E]),d[E++]=V}for(;v<=S;){let V=n[v++];V!==null&&yt(V)}return this.ut=s,sr(r,d),Q}});async function vt(r){try{return await navigator.clipboard.writeText(r),!0}catch{return!1}}var Se,dr,cr,ie=class extends g{constructor(){super(...arguments);p(this,Se);this.heading="";this.wide=!1}render(){return a`
      <dialog aria-labelledby="heading" @close=${m(this,Se,dr)} @click=${m(this,Se,cr)}>
        <div class="head">
          <h2 id="heading">${this.heading}</h2>
          <button class="button quiet round" aria-label="Close" @click=${()=>this.dialog.close()}>${x("close")}</button>
        </div>
        <div class="body"><slot></slot></div>
      </dialog>
    `}firstUpdated(){this.dialog.showModal()}};Se=new WeakSet,dr=function(){this.dispatchEvent(new CustomEvent("closed"))},cr=function(e){e.target===this.dialog&&this.dialog.close()},ie.styles=[w,A,f`
      dialog {
        width: min(30rem, calc(100vw - 2rem)); max-height: min(44rem, calc(100svh - 2rem)); padding: 0;
        border: 1px solid var(--line); border-radius: var(--radius-l); background: var(--surface); color: var(--ink);
        box-shadow: var(--shadow-2); overflow: hidden;
      }
      :host([wide]) dialog { width: min(46rem, calc(100vw - 2rem)); }
      dialog[open] { display: flex; flex-direction: column; animation: rise 160ms ease-out; }
      dialog::backdrop { background: #050a0899; backdrop-filter: blur(3px); }
      .head { display: flex; align-items: center; gap: 1rem; padding: 1rem 1rem 0.5rem 1.5rem; }
      h2 { flex: 1; font-size: var(--text-xl); }
      .body { padding: 0.25rem 1.5rem 1.5rem; overflow: auto; }
      @keyframes rise { from { opacity: 0; transform: translateY(8px); } }
    `],l([y()],ie.prototype,"heading",2),l([y({type:Boolean,reflect:!0})],ie.prototype,"wide",2),l([M("dialog")],ie.prototype,"dialog",2),ie=l([b("parley-dialog")],ie);var D=class{#e=new Set;subscribe(t){return this.#e.add(t),()=>this.#e.delete(t)}changed(){for(let t of[...this.#e])t()}},R=class{#e;#t;#i;#r;constructor(t,e){this.#e=t,this.#t=e,t.addController(this)}hostConnected(){this.#n()}hostUpdate(){this.#n()}hostDisconnected(){this.#r?.(),this.#r=this.#i=void 0}#n(){let t=this.#t();t!==this.#i&&(this.#r?.(),this.#i=t,this.#r=t?.subscribe(()=>this.#e.requestUpdate()))}};var $n=6;function bt(r,t){return a`<span class="avatar tone-${En(t)}" aria-hidden="true">${kn(r)}</span>`}function kn(r){let t=r.trim().split(/\s+/).filter(i=>i!=="");return(t.length>1?[t[0],t.at(-1)]:[t[0]]).map(i=>[...i??"?"][0]?.toUpperCase()??"?").join("")}function En(r){let t=0;for(let e of r.split("-")[0]??"")t=(t*31+e.codePointAt(0))%997;return t%$n}var _e=f`
  .avatar {
    display: inline-grid; place-content: center; flex: none; width: 2rem; height: 2rem; border-radius: 50%; font-size: var(--text-xs); font-weight: 650;
    letter-spacing: 0.01em; background: var(--tone); color: #fff;
  }
  .tone-0 { --tone: #3c5a4c; }
  .tone-1 { --tone: #4a5470; }
  .tone-2 { --tone: #6d4f3f; }
  .tone-3 { --tone: #2f5f68; }
  .tone-4 { --tone: #6a4358; }
  .tone-5 { --tone: #5c5a32; }
`;var Tn=12e4,hr={interrupted:"interrupted",failed:"not finished",sending:"sending…",waiting:"waiting for the agent",unsent:"not sent"},An=new Intl.DateTimeFormat(void 0,{hour:"2-digit",minute:"2-digit"}),Sn=new Intl.DateTimeFormat(void 0,{weekday:"long",day:"numeric",month:"long"});function wt(r,t,e){let i=t===void 0||t.at.toDateString()!==r.at.toDateString(),n=!i&&t.role===r.role&&t.name===r.name&&r.at.getTime()-t.at.getTime()<Tn;return a`
    ${i?a`<li class="day"><span>${Sn.format(r.at)}</span></li>`:c}
    <li class="entry ${r.role} ${r.state} ${n?"follows":""}">
      ${n?c:a`
        ${r.role==="agent"?a`<span class="avatar spark" aria-hidden="true">${x("agent",17)}</span>`:bt(r.name,r.identity)}
        <div class="by"><b>${r.name}</b><time datetime=${r.at.toISOString()}>${An.format(r.at)}</time>${_n(r)}</div>`}
      <p class="text">${r.text}${r.state==="live"?a`<span class="caret"></span>`:c}</p>
      ${hr[r.state]?a`<p class="state">${hr[r.state]}${r.state==="unsent"&&e?a` · <button @click=${()=>e(r)}>try again</button>`:c}</p>`:c}
    </li>
  `}function _n(r){if(r.role==="agent")return a`${c}`;let t=r.channel==="voice";return a`<span class="channel" title=${t?"spoken":"typed"}>${x(t?"mic":"thread",13)}<span class="visually-hidden">${t?"spoken":"typed"}</span></span>`}var xt=f`
  .entry { display: grid; grid-template-columns: 2rem minmax(0, 1fr); gap: 0.1rem 0.7rem; padding-top: 0.95rem; }
  .entry.follows { padding-top: 0.3rem; }
  .entry > .avatar { grid-row: 1 / span 2; margin-top: 0.1rem; }
  .entry > :not(.avatar) { grid-column: 2; }
  .spark { --tone: var(--accent-soft); color: var(--accent); }
  .by { display: flex; align-items: baseline; gap: 0.45rem; font-size: var(--text-s); min-width: 0; }
  .by b { font-weight: 620; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .agent .by b { color: var(--accent); }
  .by time { color: var(--ink-3); font-size: var(--text-xs); font-variant-numeric: tabular-nums; }
  .channel { color: var(--ink-3); align-self: center; display: inline-flex; }
  .text { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5; }
  .sending .text, .waiting .text, .unsent .text { color: var(--ink-2); }
  .entry .state { font-size: var(--text-xs); color: var(--ink-3); }
  .unsent .state { color: var(--danger); }
  .state button { border: 0; padding: 0; background: none; color: inherit; font: inherit; text-decoration: underline; cursor: pointer; }
  .caret { display: inline-block; width: 0.5em; height: 1em; margin-left: 0.15em; vertical-align: -0.12em; border-radius: 2px; background: var(--accent); animation: blink 1s steps(2) infinite; }
  .day { display: flex; align-items: center; gap: 0.75rem; padding-top: 1rem; color: var(--ink-3); font-size: var(--text-xs); }
  .day::before, .day::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
  @keyframes blink { 50% { opacity: 0; } }
`;var $t,kt,re=class extends g{constructor(){super();this.room="";this.copied=!1;p(this,$t,async()=>{this.copied=await vt(pr(this.thread.entries)),setTimeout(()=>this.copied=!1,2e3)});p(this,kt,()=>{let e=document.createElement("a");e.href=URL.createObjectURL(new Blob([pr(this.thread.entries)],{type:"text/plain"})),e.download=`${this.room}-transcript.txt`,e.click(),URL.revokeObjectURL(e.href)});new R(this,()=>this.thread)}render(){let{entries:e}=this.thread;return a`<parley-dialog heading="Transcript" wide @closed=${()=>this.dispatchEvent(new CustomEvent("closed"))}>
      <div class="tools">
        <p>${this.room} · ${e.length} ${e.length===1?"turn":"turns"}</p>
        <button class="button" ?disabled=${e.length===0} @click=${u(this,$t)}>${x(this.copied?"check":"copy",18)}${this.copied?"Copied":"Copy"}</button>
        <button class="button" ?disabled=${e.length===0} @click=${u(this,kt)}>${x("download",18)}Save as text</button>
      </div>
      ${e.length===0?a`<p class="none">Nothing was said yet.</p>`:a`<ol>
        ${ue(e,i=>i.id,(i,n)=>wt(i,e[n-1]))}
      </ol>`}
    </parley-dialog>`}};$t=new WeakMap,kt=new WeakMap,re.styles=[w,A,_e,xt,f`
      .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; }
      .tools p { flex: 1; font-size: var(--text-s); color: var(--ink-2); }
      .none { padding: 2rem 0 1rem; text-align: center; color: var(--ink-2); }
    `],l([y({attribute:!1})],re.prototype,"thread",2),l([y()],re.prototype,"room",2),l([$()],re.prototype,"copied",2),re=l([b("parley-transcript")],re);function pr(r){return r.map(t=>`[${t.at.toLocaleString()}] ${t.name}: ${t.text}
`).join("")}function ur(r,t){let e=di(r,t),i=r.filter(n=>n.text!=="").map(n=>Mn(n,t));for(let n of e){let o=i.findLastIndex(s=>s.at.getTime()<=n.at.getTime());i.splice(o+1,0,n)}return i}function di(r,t){let e=new Map(r.map(i=>[i,ci(i.text)]));return t.filter(i=>{for(let[n,o]of e){let s=fr(n,o,i);if(s!==null)return s===""?e.delete(n):e.set(n,s),!1}return!0})}function fr(r,t,e){if(r.role!==e.role||Math.abs(Date.parse(r.at)-e.at.getTime())>9e4||e.role==="user"&&mr(r.speaker.identity)!==mr(e.identity))return null;let i=ci(e.text);return t===""||i===""?null:t.startsWith(i)?t.slice(i.length).trim():i.startsWith(t)?"":null}function Mn(r,t){let{identity:e,name:i}=r.speaker,n={id:`turn-${r.seq}`,role:r.role,identity:e,name:i,channel:r.channel,text:r.text,state:r.state==="streaming"?"complete":r.state,at:new Date(r.at)};if(r.state!=="streaming")return n;let o=t.find(s=>fr(r,ci(r.text),s)==="");return o===void 0?n:{...n,text:o.text,state:o.state}}function mr(r){return r.replace(/^((?:user|guest)_[0-9a-f]{32})-[a-z0-9]{1,16}$/,"$1")}function ci(r){return r.replace(/\s+/g," ").replace(/\s*…\s*$/,"").trim()}var Cn=1e3,Me=class extends D{constructor(e){super();this.#t=[];this.#i=[];this.isLoaded=!1;this.hasFailed=!1;this.#e=e}#e;#t;#i;#r;#n;get entries(){return this.#r??=ur(this.#t,this.#i),this.#r}get newestTyped(){return this.#i.findLast(e=>e.channel==="text")}async load(){try{this.#t=await ft(this.#e),this.isLoaded=!0,this.hasFailed=!1;let e=o=>["live","sending","waiting"].includes(o.state),i=di(this.#t,this.#i),n=this.#t.some(o=>o.state==="streaming");this.#i=this.#i.filter(o=>n||e(o)||i.includes(o))}catch{this.hasFailed=!0}this.#s()}loadSoon(){clearTimeout(this.#n),this.#n=setTimeout(()=>{this.load()},Cn)}stop(){clearTimeout(this.#n)}hear(e){!e.isAgent&&!e.isFinal||this.#o({id:e.id,role:e.isAgent?"agent":"user",identity:e.identity,name:e.name,channel:"voice",text:e.text,state:e.isFinal?"complete":"live",at:e.startedAt})}type(e,i,n,o,s){let h=this.#i.find(d=>d.id===e)?.at??new Date;this.#o({id:e,role:"user",identity:i,name:n,channel:"text",text:o,state:s,at:h})}#o(e){let i=this.#i.findIndex(n=>n.id===e.id);this.#i=i<0?[...this.#i,e]:this.#i.with(i,e),this.#s()}#s(){this.#r=void 0,this.changed()}};var gr="lounge",Pn=/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;function hi(r){return Pn.test(r)}function pi(r){let[,t,e,...i]=r.split("/");if(e!==void 0&&e!==""&&i.length===0){let n=Rn(e);if(t==="r"&&hi(n))return{kind:"room",room:n};if(t==="join")return{kind:"invite",code:n}}return{kind:"home"}}function yr(r){return`/r/${encodeURIComponent(r)}`}function Rn(r){try{return decodeURIComponent(r)}catch{return r}}var ne=f`
  .card {
    width: 100%; max-width: 26rem; padding: clamp(1.25rem, 4vw, 2rem); border: 1px solid var(--line); border-radius: var(--radius-l);
    background: var(--surface); box-shadow: var(--shadow-2);
  }
  .stack { display: grid; gap: 1.1rem; }
  .card header { display: grid; gap: 0.35rem; margin-bottom: 1.4rem; }
  .welcome { display: grid; gap: clamp(2rem, 6vw, 6rem); align-items: center; justify-items: center; width: 100%; max-width: 62rem; }
  .pitch { display: none; }
  @media (min-width: 56rem) {
    .welcome { grid-template-columns: 1fr 26rem; justify-items: stretch; }
    .pitch { display: grid; gap: 1.75rem; }
    .pitch parley-orb { margin: 0 0 -0.5rem -1.7rem; }
    .pitch h1 { font-size: clamp(2.25rem, 1rem + 2.8vw, 3.1rem); line-height: 1.06; letter-spacing: -0.035em; max-width: 13ch; }
    .pitch p { max-width: 38ch; font-size: var(--text-l); color: var(--ink-2); }
  }
`;var Et=class extends D{constructor(){super(...arguments);this.state="opening";this.devices=[];this.deviceId=Z("microphone")??void 0;this.#r=!1;this.#n=new Float32Array(1024);this.#o=()=>{this.#c()}}#e;#t;#i;#r;#n;#o;async prepare(){if(!window.isSecureContext||navigator.mediaDevices===void 0)return this.#l("insecure");navigator.mediaDevices.addEventListener("devicechange",this.#o);let e=await Ln();if(e?.addEventListener("change",()=>{this.#p(e.state)}),e?.state==="granted")return this.open();this.#l(e?.state==="denied"?"denied":"unknown")}async open(e=this.deviceId){this.#l("opening");try{await this.#s(e),this.deviceId=e,e!==void 0&&X("microphone",e),await this.#c(),this.#l("open")}catch(i){let n=i instanceof DOMException?i.name:"";this.#l(n==="NotAllowedError"?"denied":"missing")}}level(){if(this.#i===void 0)return 0;this.#i.getFloatTimeDomainData(this.#n);let e=0;for(let n of this.#n)e+=n*n;let i=10*Math.log10(e/this.#n.length+1e-10);return Math.min(1,Math.max(0,(i+60)/50))}close(){this.#r=!0,navigator.mediaDevices?.removeEventListener("devicechange",this.#o),this.#a()}async#s(e){this.#a();let i=e===void 0?{}:{deviceId:{ideal:e}};if(this.#e=await navigator.mediaDevices.getUserMedia({audio:i}),this.#r)return this.#a();if(this.#t=new AudioContext,this.#i=this.#t.createAnalyser(),this.#i.fftSize=this.#n.length,this.#t.createMediaStreamSource(this.#e).connect(this.#i),this.#t.state==="suspended"){let n=()=>{this.#t?.resume()};window.addEventListener("pointerdown",n,{once:!0}),window.addEventListener("keydown",n,{once:!0})}}#a(){for(let e of this.#e?.getTracks()??[])e.stop();this.#t?.close(),this.#e=this.#t=this.#i=void 0}async#c(){let e=await navigator.mediaDevices.enumerateDevices();this.devices=e.filter(i=>i.kind==="audioinput"&&i.deviceId!==""),this.deviceId!==void 0&&!this.devices.some(i=>i.deviceId===this.deviceId)&&(this.deviceId=void 0),this.changed()}async#p(e){e==="granted"&&this.state!=="open"&&this.state!=="opening"&&await this.open(),e==="denied"&&(this.#a(),this.#l("denied"))}#l(e){this.state=e,this.changed()}};async function Ln(){try{return await navigator.permissions.query({name:"microphone"})}catch{return}}function Tt(r){return r?.profile?.startsWith("local")??!1}var vr="Local profile: hears English, reads the screen, answers only by quoting documents; it does not reason.",At=f`
  .mark {
    display: inline-block; padding: 0.05rem 0.5rem; border-radius: 99px; background: var(--accent-soft); color: var(--accent);
    font-size: var(--text-xs); font-weight: 600; white-space: nowrap;
  }
`;var Ge,Ce,fe=class extends g{constructor(){super(...arguments);p(this,Ge,0);p(this,Ce,0)}render(){return a`<div class="track" role="img" aria-label="Microphone level"><div class="fill"></div></div>`}firstUpdated(){let e=()=>{let i=this.microphone?.level()??0;J(this,Ce,Math.max(i,u(this,Ce)-.03)),this.fill.style.setProperty("--shown",`${(u(this,Ce)*100).toFixed(1)}%`),J(this,Ge,requestAnimationFrame(e))};e()}disconnectedCallback(){super.disconnectedCallback(),cancelAnimationFrame(u(this,Ge))}};Ge=new WeakMap,Ce=new WeakMap,fe.styles=[w,f`
      :host { display: block; }
      .track { position: relative; height: 0.75rem; }
      .track, .fill { border-radius: 3px; mask: repeating-linear-gradient(90deg, #000 0 6px, transparent 6px 9px); }
      .track { background: var(--line); }
      .fill { position: absolute; inset: 0; background: linear-gradient(90deg, var(--glow-1), var(--glow-2)); clip-path: inset(0 calc(100% - var(--shown, 0%)) 0 0); }
    `],l([y({attribute:!1})],fe.prototype,"microphone",2),l([M(".fill")],fe.prototype,"fill",2),fe=l([b("parley-meter")],fe);var F,br,Re,St,Pe=class extends g{constructor(){super();p(this,F);p(this,St,e=>{this.microphone.open(e.target.value)});new R(this,()=>this.microphone)}render(){switch(this.microphone.state){case"open":return m(this,F,br).call(this);case"opening":return m(this,F,Re).call(this,"mic","Opening your microphone…","If your browser asks, choose Allow.");case"unknown":return m(this,F,Re).call(this,"mic","Let Parley hear you","Your browser will ask for the microphone. You stay in charge: mute it whenever you like.","Allow microphone");case"denied":return m(this,F,Re).call(this,"mic-off","The microphone is blocked",`${On()} You can also join now and type.`,"Check again");case"missing":return m(this,F,Re).call(this,"mic-off","No microphone was found","Plug one in, or close the program that holds it. You can also join now and type.","Look again");case"insecure":return m(this,F,Re).call(this,"shield","No microphone on this address","Browsers give the microphone only to https pages and to localhost. Open this page there, or join now and type.")}}};F=new WeakSet,br=function(){let{devices:e,deviceId:i}=this.microphone;return a`<div class="open">
      ${I({id:"device",label:"Microphone"},a`
        <select id="device" @change=${u(this,St)}>
          ${e.map((n,o)=>a`
            <option value=${n.deviceId} ?selected=${n.deviceId===i}>${n.label||`Microphone ${o+1}`}</option>`)}
        </select>`)}
      <parley-meter .microphone=${this.microphone}></parley-meter>
    </div>`},Re=function(e,i,n,o){return a`<div class="help" role="status">
      ${x(e)}<h3>${i}</h3><p>${n}</p>
      ${o?a`<button class="button" @click=${()=>this.microphone.open()}>${o}</button>`:""}
    </div>`},St=new WeakMap,Pe.styles=[w,A,K,f`
      .help { display: grid; grid-template-columns: auto 1fr; gap: 0.3rem 0.8rem; padding: 1rem; border-radius: var(--radius-m); background: var(--sunken); }
      .help > svg { color: var(--ink-2); margin-top: 0.1rem; }
      .help h3 { font-size: var(--text-m); }
      .help p, .help .button { grid-column: 2; }
      .help p { font-size: var(--text-s); color: var(--ink-2); line-height: 1.5; }
      .help .button { justify-self: start; margin-top: 0.45rem; }
      .open { display: grid; gap: 0.9rem; }
    `],l([y({attribute:!1})],Pe.prototype,"microphone",2),Pe=l([b("parley-sound")],Pe);function On(){return/firefox/i.test(navigator.userAgent)?"Click the microphone symbol left of the address, remove the block and reload.":/safari/i.test(navigator.userAgent)&&!/chrom/i.test(navigator.userAgent)?"Open Safari's menu, choose Settings for this website, and allow the microphone.":"Click the symbol left of the address, switch the microphone on for this site, then check again."}var ge,oe,wr,xr,$r,_t,Mt,N=class extends g{constructor(){super(...arguments);p(this,oe);this.deployment=null;this.room="";this.roomTrouble="";this.history=null;this.showsHistory=!1;p(this,ge,new Et);p(this,_t,e=>{e.preventDefault();let i=this.nameInput.value.trim(),n=this.roomInput.value.trim();if(!hi(n)){this.roomTrouble="Letters, digits, dot, dash and underscore, beginning with a letter or digit.";return}if(i==="")return;this.session.kind==="member"&&X("name",i);let{state:o,deviceId:s}=u(this,ge),d={room:n,name:i,withMicrophone:o==="open"||o==="opening",deviceId:s};this.dispatchEvent(new CustomEvent("join",{detail:d}))});p(this,Mt,async()=>{await Qi().catch(()=>{}),this.dispatchEvent(new CustomEvent("signed-out"))})}connectedCallback(){super.connectedCallback(),u(this,ge).prepare(),m(this,oe,$r).call(this)}disconnectedCallback(){super.disconnectedCallback(),u(this,ge).close()}firstUpdated(){ee(this)}render(){let e=this.session.kind==="guest";return a`<parley-frame>
      <button slot="end" class="button quiet" @click=${u(this,Mt)}>${e?"Leave as a guest":"Sign out"}</button>
      <div class="welcome">
        <div class="intro">
          <p class="where">${this.session.tenant.name}${e?" · as a guest":""}</p>
          <h1 id="title">Ready to join?</h1>
          ${m(this,oe,xr).call(this)}
          ${this.history?a`<button class="button look-back" @click=${()=>this.showsHistory=!0}>${x("transcript",18)}What was said here</button>`:c}
        </div>
        <section class="card" aria-labelledby="title">${m(this,oe,wr).call(this,e)}</section>
      </div>
    </parley-frame>
    ${this.showsHistory&&this.history?a`<parley-transcript .thread=${this.history} .room=${this.room} @closed=${()=>this.showsHistory=!1}></parley-transcript>`:c}`}};ge=new WeakMap,oe=new WeakSet,wr=function(e){return a`<form class="stack" @submit=${u(this,_t)}>
      <div class="pair">
        ${I({id:"name",label:"Your name"},a`
          <input id="name" autocomplete="name" maxlength="60" required ?readonly=${e}
            .value=${e?this.session.name:Z("name")??this.session.name}>`)}
        ${I({id:"room",label:"Room",error:this.roomTrouble||void 0},a`
          <input id="room" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="64" required ?readonly=${e}
            .value=${this.room} aria-describedby="room-note" @input=${()=>this.roomTrouble=""}>`)}
      </div>
      <parley-sound .microphone=${u(this,ge)}></parley-sound>
      <button class="button primary large wide" autofocus>Join</button>
    </form>`},xr=function(){return a`<ul class="notice">
      <li>${x("agent")}<p>An AI teammate, Parley, listens and transcribes. Everyone in the room can read what is said, typed and shown.</p></li>
      ${Tt(this.deployment)?a`<li>${x("shield")}<p><span class="mark">Local profile</span> It hears English, reads the screen, answers only by quoting documents; it does not reason.</p></li>`:c}
    </ul>`},$r=async function(){if((await ft(this.room).catch(()=>[])).length===0)return;let i=new Me(this.room);await i.load(),this.history=i},_t=new WeakMap,Mt=new WeakMap,N.styles=[w,A,K,ne,At,f`
      .pair { display: grid; gap: 1.1rem; }
      @media (min-width: 21rem) { .pair { grid-template-columns: 1fr 1fr; gap: 0.8rem; } }
      .intro { display: grid; gap: 1.1rem; justify-items: start; width: 100%; max-width: 26rem; }
      .where { font-weight: 560; color: var(--ink-2); margin-bottom: -0.7rem; }
      .notice { display: grid; gap: 0.9rem; color: var(--ink-2); }
      .notice li { display: grid; grid-template-columns: auto 1fr; gap: 0.8rem; }
      .notice svg { color: var(--accent); margin-top: 0.1rem; }
      .welcome { gap: 1.5rem; }
      @media (max-width: 55.99rem) { .intro { gap: 0.9rem; } .notice { gap: 0.6rem; font-size: var(--text-s); } .where { margin-bottom: -0.5rem; } }
      @media (min-width: 56rem) {
        .welcome { grid-template-columns: 1fr 27rem; gap: clamp(2rem, 6vw, 6rem); }
        .card { max-width: none; }
        .intro { gap: 1.5rem; }
        .intro h1 { font-size: clamp(2.25rem, 1rem + 2.8vw, 3.1rem); line-height: 1.06; letter-spacing: -0.035em; }
      }
    `],l([y({attribute:!1})],N.prototype,"session",2),l([y({attribute:!1})],N.prototype,"deployment",2),l([y()],N.prototype,"room",2),l([$()],N.prototype,"roomTrouble",2),l([$()],N.prototype,"history",2),l([$()],N.prototype,"showsHistory",2),l([M("#name")],N.prototype,"nameInput",2),l([M("#room")],N.prototype,"roomInput",2),N=l([b("parley-lobby")],N);var kr="lk.segment_id",Nn="lk.transcription_final",In="parley.speaker",Dn="parley.speaker_name",Hn=7e3,Un=2,Ct=class extends D{#e=[];#t=new Map;#i;constructor(t){super(),this.#i=t}get shown(){return this.#e}async read(t,e,i,n){let o=t.info.attributes??{},s=o[In];if(!i&&s!==e)return;let h={id:o[kr]??t.info.id,identity:s??e,name:s===void 0?n:o[Dn]??s,isAgent:s===void 0,startedAt:this.#e.find(_=>_.id===o[kr])?.startedAt??new Date},d="";try{for await(let _ of t)d+=_,this.#r({...h,text:d,isFinal:!1})}catch{this.#r({...h,text:d,isFinal:!0});return}let k=h.isAgent||t.info.attributes?.[Nn]==="true";this.#r({...h,text:d,isFinal:k})}clear(){for(let t of this.#t.values())clearTimeout(t);this.#t.clear(),this.#e=[],this.changed()}#r(t){if(t.text.trim()==="")return;let e=this.#e.findIndex(i=>i.id===t.id);e>=0?this.#e=this.#e.with(e,t):this.#e=[...this.#e,t].slice(-Un),clearTimeout(this.#t.get(t.id)),this.#t.set(t.id,setTimeout(()=>this.#n(t.id),Hn+t.text.length*30)),this.#i(t),this.changed()}#n(t){this.#t.delete(t),this.#e=this.#e.filter(e=>e.id!==t),this.changed()}};var Pt=class{#e;#t;#i;#r=[];#n=!1;constructor(t,e,i){this.#e=t,this.#t=e,this.#i=i}say(t,e=Ei(8)){let i={id:e,text:t,reachedOthers:!1};this.#a(i,"sending"),this.#r.push(i),this.flush()}async flush(){if(!this.#n){this.#n=!0;for(let t of[...this.#r]){let e=this.#i();if(e===null)break;await this.#o(t,e).catch(()=>this.#s(t,"unsent"))}this.#n=!1}}abandon(){for(let t of[...this.#r])this.#s(t,"unsent")}async#o(t,e){if(e.agent!==null)return await e.send(t.text,t.reachedOthers?[e.agent]:void 0),this.#s(t,"complete");!t.reachedOthers&&e.others.length>0&&await e.send(t.text,e.others),t.reachedOthers=!0,this.#a(t,"waiting")}#s(t,e){this.#r=this.#r.filter(i=>i!==t),this.#a(t,e)}#a(t,e){let{identity:i,name:n}=this.#t();this.#e.type(t.id,i,n,t.text,e)}};var jn="lk.agent.state",zn="parley.muted",qn="Parley",Kn=["initializing","idle","listening","thinking","speaking"];function Er(r,t){let e=[...r.remoteParticipants.values()].filter(i=>Fn(i,t));return e.sort((i,n)=>(i.joinedAt?.getTime()??0)-(n.joinedAt?.getTime()??0)),[r.localParticipant,...e].map(i=>({identity:i.identity,name:i.name||i.identity,isLocal:i===r.localParticipant,isMuted:!i.isMicrophoneEnabled,isSpeaking:i.isSpeaking,isSharing:i.isScreenShareEnabled,quality:Wn(i,t)}))}function Tr(r,t){let e=_r(r,t);if(e===void 0)return null;let i=e.attributes[jn]??"";return{identity:e.identity,name:qn,state:Kn.includes(i)?i:"initializing",hasAudio:mi(r,t)!==null,isMuted:e.attributes[zn]==="true"}}function Ar(r){return r.hasAudio&&r.state!=="initializing"}function mi(r,t){return _r(r,t)?.getTrackPublication(t.Track.Source.Microphone)?.track?.mediaStreamTrack??null}function Rt(r,t,e){return r.remoteParticipants.get(e)?.kind===t.ParticipantKind.AGENT}function Sr(r,t){for(let e of[...r.remoteParticipants.values(),r.localParticipant]){let i=e.getTrackPublication(t.Track.Source.ScreenShare),n=i?.track?.mediaStreamTrack;if(!(i===void 0||n===void 0))return{name:e.name||e.identity,isLocal:e===r.localParticipant,isPaused:i.isMuted,track:n}}return null}function _r(r,t){let e=[...r.remoteParticipants.values()].filter(i=>i.kind===t.ParticipantKind.AGENT);return e.sort((i,n)=>(n.joinedAt?.getTime()??0)-(i.joinedAt?.getTime()??0)),e[0]}function Fn(r,t){return r.kind===t.ParticipantKind.STANDARD||r.kind===t.ParticipantKind.SIP}function Wn(r,t){switch(r.connectionQuality){case t.ConnectionQuality.Excellent:case t.ConnectionQuality.Good:return"good";case t.ConnectionQuality.Poor:return"poor";case t.ConnectionQuality.Lost:return"lost";default:return"unknown"}}var Bn=2e3,Lt=class extends D{constructor(e){super();this.#i=!1;this.state="unknown";this.#e=e}#e;#t;#i;watch(){this.#i||(this.#i=!0,this.#r())}stop(){this.#i=!1,clearTimeout(this.#t),this.state="unknown"}async#r(){let e=await er(this.#e).then(i=>i.agent.state,()=>"unknown");this.#i&&(this.state=e,this.changed(),this.#t=setTimeout(()=>{this.#r()},Bn))}};var ui="lk.chat",Vn="lk.transcription";function Mr(r,t,e){let{RoomEvent:i}=t,n=[i.ParticipantConnected,i.ParticipantDisconnected,i.ParticipantAttributesChanged,i.ParticipantNameChanged,i.TrackMuted,i.TrackUnmuted,i.LocalTrackPublished,i.LocalTrackUnpublished,i.ActiveSpeakersChanged,i.ConnectionQualityChanged,i.AudioPlaybackStatusChanged];for(let o of n)r.on(o,()=>e.changed());r.on(i.TrackSubscribed,o=>{o.kind===t.Track.Kind.Audio&&e.audioAppeared(o.attach()),e.changed()}),r.on(i.TrackUnsubscribed,o=>{for(let s of o.detach())s.remove();e.changed()}),r.on(i.Reconnecting,()=>e.connection("reconnecting")),r.on(i.SignalReconnecting,()=>e.connection("reconnecting")),r.on(i.Reconnected,()=>e.connection("connected")),r.on(i.Disconnected,o=>e.disconnected(o)),r.registerTextStreamHandler(Vn,(o,{identity:s})=>e.caption(o,s)),r.registerTextStreamHandler(ui,async(o,{identity:s})=>{let h=r.remoteParticipants.get(s);if(h===void 0||Rt(r,t,s))return;let d=await o.readAll();e.typed({id:o.info.id,identity:s,name:h.name||s,text:d})})}function Cr(r,t){let{DisconnectReason:e}=t;switch(r){case e.CLIENT_INITIATED:return"left";case e.DUPLICATE_IDENTITY:return"elsewhere";case e.PARTICIPANT_REMOVED:return"removed";case e.ROOM_DELETED:return"closed";default:return null}}var Yn=[500,1e3,2e3,4e3,8e3,8e3,8e3,8e3,8e3,8e3];async function Pr(r,t){for(let e of Yn){await new Promise(i=>setTimeout(i,e));try{return await r(),!0}catch(i){if(t(i))return!1}}return!1}var Ot=class{#e;#t;constructor(t,e){this.#e=t,this.#t=e}get state(){let t=this.#r();return t?.track===void 0?"none":t.isMuted?"paused":"live"}async start(){try{return await this.#i(await Gn()),!0}catch(t){if(t instanceof DOMException&&t.name==="NotAllowedError")return!1;throw t}}async pause(t){let e=this.#r();await(t?e?.mute():e?.unmute())}async stop(){let t=this.#r()?.track;t!==void 0&&await this.#e.localParticipant.unpublishTrack(t,!0)}async#i(t){await this.#e.localParticipant.publishTrack(t,{source:this.#t.Track.Source.ScreenShare,simulcast:!1,degradationPreference:"maintain-resolution",videoEncoding:{maxBitrate:15e5,maxFramerate:2},screenShareEncoding:{maxBitrate:15e5,maxFramerate:2}})}#r(){return this.#e.localParticipant.getTrackPublication(this.#t.Track.Source.ScreenShare)}};async function Gn(){let t=(await navigator.mediaDevices.getDisplayMedia({audio:!1,video:{frameRate:{max:2},width:{max:1920},height:{max:1080}}})).getVideoTracks()[0];if(t===void 0)throw new DOMException("no video track","NotFoundError");return t.contentHint="text",t}var Qn="parley.control",Jn="Parley",Nt=class extends D{constructor(e){super();this.connection="connecting";this.ending=null;this.microphone="off";this.problem=null;this.#n=!1;this.#o=!1;this.#a=document.createElement("div");this.options=e,this.#r=e.withMicrophone,this.thread=new Me(e.roomName),this.captions=new Ct(n=>this.thread.hear(n)),this.presence=new Lt(e.roomName);let i=()=>({identity:this.identity,name:e.name});this.#s=new Pt(this.thread,i,()=>this.#y()),this.#a.hidden=!0}#e;#t;#i;#r;#n;#o;#s;#a;get identity(){return`${this.options.identity}-${$i()}`}get people(){return this.#t&&this.#e?Er(this.#t,this.#e):[]}get agent(){return this.#t&&this.#e?Tr(this.#t,this.#e):null}get screen(){return this.#t&&this.#e?Sr(this.#t,this.#e):null}get share(){return this.#i?.state??"none"}get canPlayAudio(){return this.#t?.canPlaybackAudio??!0}get agentTrack(){return this.#t&&this.#e?mi(this.#t,this.#e):null}async join(){this.#d("connecting");try{this.#e=await import("./livekit-GLHNAS7U.js"),this.#e.setLogLevel("warn"),document.body.append(this.#a),await this.#c()}catch(e){throw this.#d("failed"),e}}async leave(){this.#m("left"),await this.#t?.disconnect()}async setMicrophone(e){this.#r=e;try{await this.#t?.localParticipant.setMicrophoneEnabled(e,this.#u()),this.problem=null,this.microphone=e?"on":"off"}catch{this.#r=!1,this.microphone="unavailable",this.problem="The microphone is blocked, missing or in use elsewhere. You can type in the meantime."}this.changed()}startShare(){return this.#h("The screen could not be shared.",()=>this.#i?.start())}pauseShare(e){return this.#h("The screen share could not be changed.",()=>this.#i?.pause(e))}stopShare(){return this.#h("The screen share could not be stopped.",()=>this.#i?.stop())}muteAgent(e){let i=e?"mute":"unmute";return this.#h("The agent could not be reached.",()=>this.#t?.localParticipant.sendText(i,{topic:Qn}))}say(e,i){this.#s.say(e,i)}async playAudio(){await this.#t?.startAudio(),this.changed()}dismissProblem(){this.problem=null,this.changed()}async#c(){let e=this.#e,i=await tr(this.options.roomName,this.identity,this.options.name),n=new e.Room({audioCaptureDefaults:this.#u()});if(this.#t=n,this.#i=new Ot(n,e),this.#p(n,e),await n.connect(i.server_url,i.participant_token),this.ending!==null)return n.disconnect();this.#d("connected"),this.#r&&await this.setMicrophone(!0),await this.thread.load()}#p(e,i){Mr(e,i,{changed:()=>this.#l(),audioAppeared:n=>this.#a.append(n),connection:n=>{this.#d(n),n==="connected"&&this.thread.load()},disconnected:n=>{this.#f(e,n)},caption:(n,o)=>{this.captions.read(n,o,Rt(e,i,o),Jn)},typed:n=>this.thread.type(n.id,n.identity,n.name,n.text,"complete")})}#l(){let e=this.agent;this.connection!=="connected"||e!==null?this.presence.stop():this.presence.watch(),this.#o&&e?.state!=="speaking"&&this.thread.loadSoon(),this.#o=e?.state==="speaking",this.#s.flush(),this.changed()}async#f(e,i){let n=this.connection==="connected"||this.connection==="reconnecting";if(e!==this.#t||this.#n||!n)return;let o=Cr(i,this.#e);return o==="elsewhere"&&ki(),o===null?this.#g():this.#m(o)}async#g(){this.#n=!0,this.#d("reconnecting");let i=await Pr(()=>this.#c(),n=>this.ending!==null||n instanceof C&&!n.isAway);this.#n=!1,i||this.#m("lost")}#m(e){this.ending===null&&(this.ending=e,this.presence.stop(),this.thread.stop(),this.#s.abandon(),this.captions.clear(),this.#a.remove(),this.#d("ended"))}#d(e){this.connection=e,this.#l()}#y(){let e=this.#t;if(this.connection!=="connected"||e===void 0)return null;let{agent:i}=this;return{agent:i!==null&&Ar(i)?i.identity:null,others:this.people.filter(n=>!n.isLocal).map(n=>n.identity),send:(n,o)=>e.localParticipant.sendText(n,{topic:ui,...o&&{destinationIdentities:[...o]}})}}async#h(e,i){try{await i()}catch{this.problem=e}this.changed()}#u(){let{deviceId:e}=this.options,i={echoCancellation:!0,noiseSuppression:!0,autoGainControl:!0};return e===void 0?i:{...i,deviceId:e}}};var Xn="mediaDevices"in navigator&&"getDisplayMedia"in navigator.mediaDevices,O,Rr,Lr,Or,ve,ye=class extends g{constructor(){super();p(this,O);this.threadShown=!1;new R(this,()=>this.call)}render(){return a`<div class="bar" role="toolbar" aria-label="Meeting controls">
      ${m(this,O,Rr).call(this)} ${Xn?m(this,O,Lr).call(this):c} ${m(this,O,Or).call(this)}
      <span class="gap"></span>
      ${m(this,O,ve).call(this,{symbol:"thread",label:"Thread",look:this.threadShown?"on":"plain",pressed:this.threadShown,press:()=>this.dispatchEvent(new CustomEvent("thread"))},!1)}
      <button class="control leave" @click=${()=>this.call.leave()}>${x("leave")}<span>Leave</span></button>
    </div>`}};O=new WeakSet,Rr=function(){let e=this.call.microphone==="on",i=e?"Mute":this.call.microphone==="unavailable"?"No mic":"Unmute";return m(this,O,ve).call(this,{symbol:e?"mic":"mic-off",label:i,look:e?"plain":"off",pressed:e,hint:"Microphone (M; hold M to talk)",press:()=>{this.call.setMicrophone(!e)}})},Lr=function(){let{call:e}=this;if(e.share==="none")return m(this,O,ve).call(this,{symbol:"screen",label:"Share",hint:"Share your screen: the agent sees one frame a second",press:()=>{e.startShare()}});let i=e.share==="paused";return a`
      ${m(this,O,ve).call(this,{symbol:i?"play":"pause",label:i?"Resume":"Pause",look:"on",hint:i?"Show your screen again":"Nobody sees your screen while it is paused",press:()=>{e.pauseShare(!i)}})}
      ${m(this,O,ve).call(this,{symbol:"stop",label:"Stop",hint:"Stop sharing your screen",press:()=>{e.stopShare()}})}
    `},Or=function(){let e=this.call.agent?.isMuted??!1;return m(this,O,ve).call(this,{symbol:e?"agent-off":"agent",label:e?"Unmute AI":"Mute AI",look:e?"off":"plain",pressed:e,hint:e?"Let the agent answer again":"The agent keeps listening and stays silent",press:()=>{this.call.muteAgent(!e)}},this.call.agent===null||this.call.connection!=="connected")},ve=function(e,i=this.call.connection!=="connected"){return a`<button class="control ${e.look??"plain"}" title=${e.hint??c} ?disabled=${i}
      aria-pressed=${e.pressed===void 0?c:String(e.pressed)} @click=${e.press}>
      ${x(e.symbol)}<span>${e.label}</span>
    </button>`},ye.styles=[w,A,f`
      :host { display: flex; justify-content: center; padding: 0.65rem 0.5rem calc(0.65rem + env(safe-area-inset-bottom)); }
      .bar { display: flex; align-items: stretch; justify-content: center; gap: 0.3rem; }
      .control {
        display: grid; justify-items: center; align-content: center; gap: 0.25rem; min-width: 4.1rem; min-height: 3.5rem; padding: 0.4rem 0.5rem; border: 1px solid transparent;
        border-radius: var(--radius-m); background: transparent; color: var(--ink-2); font: 520 var(--text-xs)/1.1 var(--font); cursor: pointer;
        transition: background 120ms, color 120ms; -webkit-tap-highlight-color: transparent;
      }
      .control:hover { background: color-mix(in srgb, var(--ink) 7%, transparent); color: var(--ink); }
      .control[disabled] { opacity: 0.45; cursor: default; }
      .control.on { background: var(--accent-soft); color: var(--accent); }
      .control.off { color: var(--danger); background: var(--danger-soft); }
      .control.leave { background: var(--danger-solid); color: #fff; }
      .control.leave:hover { background: var(--danger-solid-hover); }
      .gap { width: 1px; margin: 0.5rem 0.35rem; background: var(--line); }
      @media (max-width: 30rem) {
        .bar { gap: 0.15rem; width: 100%; }
        .control { min-width: 0; flex: 1; padding: 0.4rem 0; font-size: 0.6875rem; white-space: nowrap; }
        .gap { display: none; }
      }
    `],l([y({attribute:!1})],ye.prototype,"call",2),l([y({type:Boolean})],ye.prototype,"threadShown",2),ye=l([b("parley-controls")],ye);var It,Nr,Qe,Dt,W=class extends g{constructor(){super(...arguments);p(this,It);this.room="";this.link=null;this.trouble="";this.copied=!1;p(this,Qe,async()=>{this.trouble="";try{this.link=await Zi(this.room)}catch(e){this.trouble=e instanceof C?e.message:"The link could not be made."}});p(this,Dt,async()=>{this.copied=await vt(this.link?.url??""),this.copied?setTimeout(()=>this.copied=!1,2e3):this.input.select()})}connectedCallback(){super.connectedCallback(),u(this,Qe).call(this)}render(){return a`<parley-dialog heading="Invite someone" @closed=${()=>this.dispatchEvent(new CustomEvent("closed"))}>
      <div class="stack">
        <p class="muted">Whoever has this link can join “${this.room}” with a name, without an account, and sees what is said from then on.</p>
        ${this.trouble?a`<parley-banner tone="error">${this.trouble}<button slot="action" class="button" @click=${u(this,Qe)}>Try again</button></parley-banner>`:m(this,It,Nr).call(this)}
      </div>
    </parley-dialog>`}};It=new WeakSet,Nr=function(){let e=this.link===null?"":new Date(this.link.expires_at).toLocaleString(void 0,{dateStyle:"medium",timeStyle:"short"});return a`<div class="row">
      ${I({id:"link",label:"Guest link"},a`
        <input id="link" readonly .value=${this.link?.url??"Making a link…"} @focus=${()=>this.input.select()}>`)}
      <button class="button primary" ?disabled=${this.link===null} @click=${u(this,Dt)}>${x(this.copied?"check":"copy",18)}${this.copied?"Copied":"Copy"}</button>
    </div>
    <p class="small muted" role="status">${this.link?`Good until ${e}.`:" "}</p>`},Qe=new WeakMap,Dt=new WeakMap,W.styles=[w,A,K,f`
      .stack { display: grid; gap: 1.1rem; }
      .row { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.5rem; align-items: end; }
      .row .button { min-height: 2.75rem; min-width: 6.5rem; }
    `],l([y()],W.prototype,"room",2),l([$()],W.prototype,"link",2),l([$()],W.prototype,"trouble",2),l([$()],W.prototype,"copied",2),l([M("#link")],W.prototype,"input",2),W=l([b("parley-invite")],W);var Ir=f`
  :host { display: block; }
  .meeting {
    display: grid; height: 100svh; overflow: hidden; background: var(--bg);
    grid-template: "header" auto "banners" auto "stage" minmax(13rem, 1fr) "controls" auto / minmax(0, 1fr);
  }
  .meeting.with-thread { grid-template: "header" auto "banners" auto "stage" minmax(12rem, 34svh) "thread" minmax(0, 1fr) "controls" auto / minmax(0, 1fr); }
  .meeting.with-thread.with-screen { grid-template-rows: auto auto minmax(15rem, 46svh) minmax(0, 1fr) auto; }
  header { grid-area: header; display: flex; align-items: center; gap: 0.75rem; padding: 0.5rem 0.75rem; min-width: 0; }
  .room { display: flex; align-items: center; gap: 0.6rem; min-width: 0; flex: 1; padding-left: 0.75rem; border-left: 1px solid var(--line); }
  .room h1 { font-size: var(--text-m); font-weight: 560; letter-spacing: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .actions { display: flex; align-items: center; gap: 0.15rem; }
  .actions .button { padding: 0 0.6rem; }
  .actions .button span { display: none; }
  .banners { grid-area: banners; display: grid; gap: 0.5rem; padding: 0 0.75rem; }
  .banners:has(parley-banner) { padding-bottom: 0.5rem; }
  parley-stage { grid-area: stage; min-height: 0; margin: 0 0.75rem; }
  parley-thread { grid-area: thread; min-height: 0; margin: 0.75rem 0.75rem 0; }
  parley-controls { grid-area: controls; }
  @media (max-width: 30rem) { .mark { display: none; } }
  @media (min-width: 56rem) {
    .meeting { grid-template: "header header" auto "banners banners" auto "stage stage" minmax(0, 1fr) "controls controls" auto / minmax(0, 1fr) auto; }
    .meeting.with-thread {
      grid-template: "header header" auto "banners banners" auto "stage thread" minmax(0, 1fr) "controls controls" auto / minmax(0, 1fr) clamp(21rem, 30vw, 27rem);
    }
    .meeting.with-thread.with-screen { grid-template-rows: auto auto minmax(0, 1fr) auto; }
    header { padding: 0.65rem 1rem; }
    .actions .button span { display: inline; }
    .banners { padding: 0 1rem; }
    parley-stage { margin: 0 0 0 1rem; }
    .meeting:not(.with-thread) parley-stage { margin-right: 1rem; }
    parley-thread { margin: 0 1rem; }
  }
`;var Ht=class{#e;#t=null;#i=!1;constructor(t){this.#e=t}listen(){window.addEventListener("keydown",this.#r),window.addEventListener("keyup",this.#n),window.addEventListener("blur",this.#o)}stop(){window.removeEventListener("keydown",this.#r),window.removeEventListener("keyup",this.#n),window.removeEventListener("blur",this.#o)}#r=t=>{t.code!=="KeyM"||t.repeat||t.ctrlKey||t.metaKey||t.altKey||Zn(t)||this.#e().connection==="connected"&&(this.#t=t.timeStamp,this.#i=this.#e().microphone==="on",this.#e().setMicrophone(!this.#i))};#n=t=>{if(t.code!=="KeyM"||this.#t===null)return;let e=t.timeStamp-this.#t>350;this.#t=null,e&&!this.#i&&this.#e().setMicrophone(!1)};#o=()=>{this.#t!==null&&!this.#i&&this.#e().setMicrophone(!1),this.#t=null}};function Zn(r){let t=r.composedPath()[0];return t instanceof HTMLElement&&(t.matches("input, textarea, select")||t.isContentEditable)}var Le=class extends g{constructor(){super(...arguments);this.state="listening"}set level(e){this.style.setProperty("--level",e.toFixed(3))}render(){return a`<div class="halo"></div><div class="sweep"></div><div class="core"></div>`}};Le.styles=[w,f`
      :host { --level: 0; display: block; position: relative; width: 11rem; aspect-ratio: 1; isolation: isolate; }
      .core, .halo, .sweep { position: absolute; border-radius: 50%; }
      .core {
        inset: 17%; overflow: hidden; background: radial-gradient(circle at 32% 26%, var(--glow-2), var(--glow-1) 48%, #0b5a3c 100%);
        box-shadow: inset 0 -10px 28px #04301f80, inset 0 6px 18px #ffffff40, 0 14px 40px -16px color-mix(in srgb, var(--glow-1) 80%, transparent);
        transform: scale(calc(1 + var(--level) * 0.16)); transition: transform 90ms linear, filter 300ms, opacity 300ms;
      }
      .core::before {
        content: ""; position: absolute; inset: -30%;
        background: conic-gradient(from 0deg, transparent 0 30%, #ffffff55 42%, transparent 56% 76%, #ffffff2e 86%, transparent);
        filter: blur(10px); animation: turn 9s linear infinite;
      }
      .halo {
        inset: 4%; background: radial-gradient(circle, color-mix(in srgb, var(--glow-1) 34%, transparent) 40%, transparent 70%);
        transform: scale(calc(0.92 + var(--level) * 0.4)); transition: transform 120ms linear, opacity 300ms; z-index: -1;
      }
      .sweep { inset: 9%; border: 1.5px solid color-mix(in srgb, var(--accent) 45%, transparent); opacity: 0; transition: opacity 300ms; }
      :host([state="listening"]) .core { animation: breathe 4.5s ease-in-out infinite; }
      :host([state="speaking"]) .sweep { opacity: 1; animation: ripple 1.8s ease-out infinite; }
      :host([state="thinking"]) .core { filter: saturate(0.85) brightness(0.94); }
      :host([state="thinking"]) .core::before { animation-duration: 1.6s; }
      :host([state="thinking"]) .sweep {
        opacity: 1; border-width: 2.5px; border-color: var(--accent) transparent transparent transparent; animation: turn 1s linear infinite;
      }
      :host([state="waiting"]) .core { filter: saturate(0.5); opacity: 0.6; animation: breathe 2.4s ease-in-out infinite; }
      :host([state="waiting"]) .sweep { opacity: 1; border-style: dashed; animation: turn 12s linear infinite; }
      :host([state="absent"]) .core, :host([state="muted"]) .core { filter: grayscale(0.9); opacity: 0.42; }
      :host([state="absent"]) .halo, :host([state="muted"]) .halo { opacity: 0; }
      :host([state="absent"]) .sweep { opacity: 0.7; border-style: dashed; border-color: var(--line-strong); }
      :host([state="absent"]) .core::before, :host([state="muted"]) .core::before { animation: none; }
      @keyframes turn { to { rotate: 1turn; } }
      @keyframes breathe { 50% { transform: scale(1.035); } }
      @keyframes ripple { from { transform: scale(0.92); opacity: 0.9; } to { transform: scale(1.28); opacity: 0; } }
    `],l([y({reflect:!0})],Le.prototype,"state",2),Le=l([b("parley-orb")],Le);function fi(r){if(r.connection==="connecting")return"Connecting you to the room…";if(r.connection==="failed")return"Not connected";if(r.connection==="reconnecting")return"Waiting for the connection…";let t=r.agent;if(t===null)return eo(r);if(t.isMuted)return"Muted: it listens and stays silent";if(!t.hasAudio)return"The agent joined, waiting for its audio";switch(t.state){case"initializing":return"Getting ready";case"thinking":return"Thinking";case"speaking":return"Speaking";case"idle":case"listening":return"Listening"}}function Dr(r){return r.connection!=="connected"||r.agent?.hasAudio!==!0}function Hr(r){let t=r.agent;return r.connection==="failed"?"absent":r.connection!=="connected"||t===null?r.presence.state==="no_worker"?"absent":"waiting":t.isMuted?"muted":!t.hasAudio||t.state==="initializing"?"waiting":t.state==="idle"?"listening":t.state}function eo(r){switch(r.presence.state){case"no_worker":return"No worker is registered. The agent comes as soon as one is.";case"dispatched":return"Dispatched, waiting for the agent";case"joined":return"The agent joined, waiting for its audio";case"idle":return"Calling the agent…";case"unknown":return"Looking for the agent…"}}var to=150,Ut,Ur,Oe=class extends g{constructor(){super();p(this,Ut);new R(this,()=>this.call.captions)}render(){let{shown:e}=this.call.captions;return a`
      <div class="lines" aria-hidden="true">
        ${ue(e,i=>i.id,i=>m(this,Ut,Ur).call(this,i))}
      </div>
      <div class="visually-hidden" role="log" aria-live="polite" aria-label="Captions">
        ${ue(e.filter(i=>i.isFinal),i=>i.id,i=>a`<p>${i.name}: ${i.text}</p>`)}
      </div>
    `}};Ut=new WeakSet,Ur=function(e){let i=e.text.length>to,n=`${e.isAgent?"agent":"person"} ${e.isFinal?"":"guess"} ${i?"long":""}`;return a`<p class="line ${n}">
      <span class="who">${e.name}${e.isFinal||e.isAgent?c:" …"}</span>
      <span class="words">${e.text}</span>
    </p>`},Oe.styles=[w,f`
      :host { display: block; padding: 0.25rem clamp(0.75rem, 4cqw, 2.5rem) 0.25rem; }
      .lines { display: grid; gap: 0.65rem; align-content: end; justify-items: center; height: var(--lines, 9.5rem); overflow: hidden; mask: linear-gradient(transparent, #000 1.25rem); }
      .line { max-width: 44rem; text-align: center; line-height: 1.38; animation: in 180ms ease-out; }
      .words {
        display: flex; flex-direction: column; justify-content: flex-end; max-height: 4.14em; overflow: hidden;
        font-size: clamp(1.0625rem, 0.95rem + 0.5vw, 1.375rem); letter-spacing: -0.008em; text-wrap: balance;
      }
      .long .words { font-size: clamp(1rem, 0.9rem + 0.3vw, 1.125rem); max-height: 5.52em; }
      .line:not(:last-child) .words { font-size: var(--text-m); max-height: 1.38em; color: var(--ink-2); }
      .who { display: block; font-size: var(--text-xs); font-weight: 620; color: var(--ink-3); }
      .agent .who { color: var(--accent); }
      .guess.person .words { color: var(--ink-2); }
      @keyframes in { from { opacity: 0; transform: translateY(6px); } }
      @container stage (max-height: 20rem) { .lines { height: var(--lines, 4.4rem); } .words { font-size: 1rem; max-height: 2.76em; } .line:not(:last-child) { display: none; } }
    `],l([y({attribute:!1})],Oe.prototype,"call",2),Oe=l([b("parley-captions")],Oe);var jt=class{#e;#t=null;#i;#r=0;constructor(t){this.#e=t}follow(t){t!==this.#t&&(this.#o(),this.#t=t,t!==null&&!matchMedia("(prefers-reduced-motion: reduce)").matches&&this.#n(t))}#n(t){let e=this.#i=new AudioContext,i=e.createAnalyser();i.fftSize=512;let n=new Float32Array(i.fftSize);e.createMediaStreamSource(new MediaStream([t])).connect(i);let o=0,s=()=>{i.getFloatTimeDomainData(n);let h=0;for(let d of n)h=Math.max(h,Math.abs(d));o=Math.max(Math.min(1,h*1.6),o*.88),this.#e(o<.01?0:o),this.#r=requestAnimationFrame(s)};s()}#o(){cancelAnimationFrame(this.#r),this.#i?.close(),this.#i=void 0,this.#t!==null&&this.#e(0)}};var jr={unknown:"connection unknown",good:"good connection",poor:"weak connection",lost:"connection lost"},Ne=class extends g{render(){let{person:t}=this;return a`<div class="tile ${t.isSpeaking?"speaking":""}">
      ${bt(t.name,t.identity)}
      <span class="name">${t.name}${t.isLocal?a` <span class="you">you</span>`:c}</span>
      ${t.isSharing?a`${x("screen",15)}<span class="visually-hidden">shares a screen</span>`:c}
      ${t.isMuted?a`${x("mic-off",15)}<span class="visually-hidden">microphone off</span>`:c}
      ${t.isSpeaking?a`<span class="visually-hidden">speaking</span>`:c}
      <span class="bars ${t.quality}" role="img" aria-label=${jr[t.quality]} title=${jr[t.quality]}><i></i><i></i><i></i></span>
    </div>`}};Ne.styles=[w,_e,f`
      .tile {
        display: flex; align-items: center; gap: 0.55rem; padding: 0.3rem 0.75rem 0.3rem 0.3rem; border: 1px solid var(--line); border-radius: 99px;
        background: var(--raised); font-size: var(--text-s); font-weight: 560; max-width: 16rem;
      }
      .avatar { transition: box-shadow 140ms; }
      .speaking .avatar { box-shadow: 0 0 0 2px var(--raised), 0 0 0 4.5px var(--accent); }
      .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      .you { font-weight: 400; color: var(--ink-3); }
      svg { flex: none; color: var(--ink-3); }
      .bars { display: flex; align-items: flex-end; gap: 2px; height: 12px; flex: none; }
      .bars i { width: 3px; border-radius: 1px; background: var(--line-strong); height: 4px; opacity: 0.45; }
      .bars i:nth-child(2) { height: 8px; }
      .bars i:nth-child(3) { height: 12px; }
      .good i, .poor i:nth-child(1) { background: var(--accent); opacity: 1; }
      .poor i:nth-child(1), .lost i:nth-child(1) { background: var(--danger); opacity: 1; }
    `],l([y({attribute:!1})],Ne.prototype,"person",2),Ne=l([b("parley-person")],Ne);var Ie,be=class extends g{constructor(){super(...arguments);p(this,Ie)}render(){let{screen:e}=this,i=e.isLocal?"You share your screen":`${e.name} shares a screen`;return a`<figure class=${e.isPaused?"paused":""}>
      <video muted autoplay playsinline aria-label=${i}></video>
      <figcaption>${x(e.isPaused?"pause":"screen",15)}${e.isPaused?`${i}, paused`:`${i} · the agent sees one frame a second`}</figcaption>
    </figure>`}updated(){u(this,Ie)!==this.screen.track&&(J(this,Ie,this.screen.track),this.video.srcObject=new MediaStream([u(this,Ie)]),this.video.muted=!0,this.video.play().catch(()=>{}))}};Ie=new WeakMap,be.styles=[w,f`
      :host { display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1fr); min-height: 0; }
      figure { position: relative; min-height: 0; border-radius: var(--radius-m); overflow: hidden; background: #070b09; }
      video { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; transition: opacity 200ms; }
      .paused video { opacity: 0.25; }
      figcaption {
        position: absolute; left: 0.6rem; bottom: 0.6rem; display: inline-flex; align-items: center; gap: 0.45rem; max-width: calc(100% - 1.2rem);
        padding: 0.3rem 0.65rem; border-radius: 99px; background: #0b110fd9; color: #e9f0eb; font-size: var(--text-xs); font-weight: 560;
      }
    `],l([y({attribute:!1})],be.prototype,"screen",2),l([M("video")],be.prototype,"video",2),be=l([b("parley-screen")],be);var Je,we=class extends g{constructor(){super();p(this,Je,new jt(e=>this.orb.level=e));new R(this,()=>this.call),new R(this,()=>this.call.presence)}render(){let{call:e}=this,i=e.screen;return a`
      <div class="centre ${i?"with-screen":""}">
        <div class="scene">
          <div class="agent">
            <parley-orb state=${Hr(e)} aria-hidden="true"></parley-orb>
            <h2>${e.agent?.name??"Parley"}</h2>
            <p class="state" aria-live=${Dr(e)?"polite":"off"}>
              ${e.agent?.isMuted?a`<span class="muted-note">${x("agent-off",16)}${fi(e)}</span>`:fi(e)}</p>
          </div>
          ${i?a`<parley-screen .screen=${i}></parley-screen>`:c}
        </div>
        <parley-captions .call=${e}></parley-captions>
      </div>
      <ul class="people" aria-label="People in the room">
        ${e.people.map(n=>a`<li><parley-person .person=${n}></parley-person></li>`)}
      </ul>
    `}updated(){u(this,Je).follow(this.call.agentTrack)}disconnectedCallback(){super.disconnectedCallback(),u(this,Je).follow(null)}};Je=new WeakMap,we.styles=[w,f`
      :host {
        display: grid; grid-template-rows: minmax(0, 1fr) auto; overflow: hidden; position: relative; border-radius: var(--radius-l);
        border: 1px solid var(--line); background: radial-gradient(ellipse 90% 80% at 50% 30%, color-mix(in srgb, var(--accent-soft) 55%, var(--surface)), var(--surface) 75%);
        container: stage / size;
      }
      .centre { display: grid; grid-template: minmax(0, 1fr) auto / minmax(0, 1fr); min-height: 0; }
      .scene { display: grid; place-items: center; min-height: 0; padding: 0.75rem 0.75rem 0; }
      .agent { display: grid; justify-items: center; gap: 0.75rem; text-align: center; }
      parley-orb { width: clamp(4.5rem, 32cqh, 13rem); }
      .agent h2 { font-size: var(--text-xl); }
      .agent p { color: var(--ink-2); min-height: 1.5em; }
      .people { display: flex; flex-wrap: wrap; justify-content: center; gap: 0.5rem; padding: 0.5rem 0.75rem 0.75rem; max-height: 7.5rem; overflow: auto; }
      .with-screen .scene { grid-template: auto minmax(0, 1fr) / minmax(0, 1fr); place-items: stretch; gap: 0.6rem; padding: 0.75rem; }
      .with-screen .agent { grid-template-columns: auto auto 1fr; align-items: center; justify-items: start; gap: 0 0.75rem; text-align: left; padding: 0 0.25rem; }
      .with-screen parley-orb { width: 2.75rem; }
      .with-screen h2 { font-size: var(--text-m); }
      .with-screen .agent p { font-size: var(--text-s); }
      .muted-note { display: inline-flex; align-items: center; gap: 0.35rem; }
      .with-screen parley-captions { --lines: 5.25rem; }
      @container stage (max-height: 24rem) {
        .people { flex-wrap: nowrap; justify-content: safe center; padding-top: 0.25rem; padding-bottom: 0.6rem; }
        .with-screen .scene { padding: 0.5rem 0.5rem 0; gap: 0.35rem; }
        .with-screen parley-captions { --lines: 3.6rem; }
        .with-screen .agent parley-orb { width: 2rem; grid-row: auto; }
      }
      @container stage (max-height: 20rem) {
        .scene { padding-top: 0.5rem; }
        .centre:not(.with-screen) .agent { grid-template-columns: auto auto; gap: 0 0.9rem; align-items: center; text-align: left; }
        .centre:not(.with-screen) parley-orb { grid-row: span 2; width: 4.5rem; }
        .centre:not(.with-screen) h2 { font-size: var(--text-l); align-self: end; justify-self: start; }
        .centre:not(.with-screen) .agent p { font-size: var(--text-s); align-self: start; justify-self: start; max-width: 15rem; }
      }
    `],l([y({attribute:!1})],we.prototype,"call",2),l([M("parley-orb")],we.prototype,"orb",2),we=l([b("parley-stage")],we);var io=8e3,ro=80,De,Xe,H,zr,qr,gi,zt,qt,Kt,yi,se=class extends g{constructor(){super();p(this,H);p(this,De,!0);p(this,Xe,new ResizeObserver(()=>m(this,H,gi).call(this)));p(this,zt,()=>{let{scrollHeight:e,scrollTop:i,clientHeight:n}=this.scroller;J(this,De,e-i-n<ro)});p(this,qt,e=>{e.key!=="Enter"||e.shiftKey||e.isComposing||(e.preventDefault(),m(this,H,yi).call(this))});p(this,Kt,e=>{e.preventDefault(),m(this,H,yi).call(this)});new R(this,()=>this.call),new R(this,()=>this.call.thread)}render(){let{entries:e,hasFailed:i}=this.call.thread;return a`
      <div class="scroll" tabindex="0" role="log" aria-live="off" aria-label="What was said and typed" @scroll=${u(this,zt)}>
        ${i?a`<parley-banner tone="caution">What was said before could not be loaded.
          <button slot="action" class="button" @click=${()=>this.call.thread.load()}>Try again</button></parley-banner>`:c}
        ${e.length===0?m(this,H,zr).call(this):a`<ol>
          ${ue(e,n=>n.id,(n,o)=>wt(n,e[o-1],s=>this.call.say(s.text,s.id)))}
        </ol>`}
      </div>
      <p class="visually-hidden" aria-live="polite">${m(this,H,qr).call(this)}</p>
      <form @submit=${u(this,Kt)}>
        <textarea rows="1" aria-label="Message" placeholder="Write a message" maxlength=${io} @keydown=${u(this,qt)}></textarea>
        <button class="button primary round" aria-label="Send" title="Send (Enter)">${x("send")}</button>
      </form>
    `}updated(){m(this,H,gi).call(this)}firstUpdated(){u(this,Xe).observe(this.scroller)}disconnectedCallback(){super.disconnectedCallback(),u(this,Xe).disconnect()}};De=new WeakMap,Xe=new WeakMap,H=new WeakSet,zr=function(){return this.call.connection==="failed"?a`<div class="empty"><p>What was said here shows once you are connected.</p></div>`:this.call.thread.isLoaded?a`<div class="empty">${x("thread",26)}<h2>Nothing said yet</h2>
      <p>What is spoken and typed in this room stands here, as one thread.</p></div>`:a`<div class="empty"><p>Looking for what was said before…</p></div>`},qr=function(){let e=this.call.thread.newestTyped;return e===void 0||e.identity===this.call.identity?"":`${e.name} writes: ${e.text}`},gi=function(){u(this,De)&&(this.scroller.scrollTop=this.scroller.scrollHeight)},zt=new WeakMap,qt=new WeakMap,Kt=new WeakMap,yi=function(){let e=this.box.value.trim();e!==""&&(this.box.value="",J(this,De,!0),this.call.say(e))},se.styles=[w,A,_e,xt,f`
      :host { display: grid; grid-template-rows: minmax(0, 1fr) auto; border: 1px solid var(--line); border-radius: var(--radius-l); background: var(--surface); overflow: hidden; }
      .scroll { overflow-y: auto; overscroll-behavior: contain; padding: 0 1rem 1rem; }
      .empty { display: grid; place-content: center; justify-items: center; gap: 0.4rem; height: 100%; padding: 1.5rem; text-align: center; color: var(--ink-2); }
      .empty svg { color: var(--ink-3); }
      .empty h2 { color: var(--ink); font-size: var(--text-m); }
      .empty p { font-size: var(--text-s); max-width: 17rem; }
      form { display: flex; align-items: flex-end; gap: 0.4rem; margin: 0 0.65rem 0.65rem; padding: 0.3rem; border: 1px solid var(--line-strong); border-radius: 1.4rem; background: var(--raised); }
      form:focus-within { outline: var(--focus); outline-offset: 0; border-color: var(--accent); }
      textarea:focus-visible { outline: 0; }
      textarea { flex: 1; min-width: 0; max-height: 9rem; padding: 0.5rem 0.3rem 0.5rem 0.8rem; border: 0; outline: 0; resize: none; background: none; color: var(--ink); font: 400 1rem/1.4 var(--font); field-sizing: content; }
      textarea::placeholder { color: var(--ink-3); }
    `],l([y({attribute:!1})],se.prototype,"call",2),l([M(".scroll")],se.prototype,"scroller",2),l([M("textarea")],se.prototype,"box",2),se=l([b("parley-thread")],se);var Ze,He,Kr,Fr,et,tt,Ft,z=class extends g{constructor(){super();p(this,He);this.session=null;this.deployment=null;this.dialog="none";this.showsThread=!0;this.failure="";p(this,Ze,new Ht(()=>this.call));p(this,et,async()=>{this.failure="";try{await this.call.join()}catch(e){this.failure=e instanceof C?e.message:"The media server does not answer, so nobody could hear you."}});p(this,tt,()=>{this.dialog="none"});p(this,Ft,()=>{this.dispatchEvent(new CustomEvent("lobby"))});new R(this,()=>this.call)}connectedCallback(){super.connectedCallback(),u(this,Ze).listen(),u(this,et).call(this)}disconnectedCallback(){super.disconnectedCallback(),u(this,Ze).stop()}updated(){this.call.ending!==null&&this.dispatchEvent(new CustomEvent("ended"))}render(){return a`
      <div class="meeting ${this.showsThread?"with-thread":""} ${this.call.screen?"with-screen":""}">
        ${m(this,He,Kr).call(this)}
        <div class="banners">${m(this,He,Fr).call(this)}</div>
        <parley-stage role="main" .call=${this.call}></parley-stage>
        ${this.showsThread?a`<parley-thread role="complementary" aria-label="Thread" .call=${this.call}></parley-thread>`:c}
        <parley-controls role="contentinfo" aria-label="Controls" .call=${this.call} .threadShown=${this.showsThread}
          @thread=${()=>this.showsThread=!this.showsThread}></parley-controls>
      </div>
      ${this.dialog==="invite"?a`<parley-invite .room=${this.call.options.roomName} @closed=${u(this,tt)}></parley-invite>`:c}
      ${this.dialog==="transcript"?a`<parley-transcript .thread=${this.call.thread} .room=${this.call.options.roomName} @closed=${u(this,tt)}></parley-transcript>`:c}
    `}};Ze=new WeakMap,He=new WeakSet,Kr=function(){return a`<header>
      <parley-brand></parley-brand>
      <div class="room"><h1>${this.call.options.roomName}</h1>
        ${Tt(this.deployment)?a`<span class="mark" title=${vr}>Local profile</span>`:c}</div>
      <div class="actions">
        <button class="button quiet" aria-label="Transcript" @click=${()=>this.dialog="transcript"}>${x("transcript")}<span>Transcript</span></button>
        ${this.session?.kind==="member"?a`<button class="button quiet" aria-label="Invite" @click=${()=>this.dialog="invite"}>${x("link")}<span>Invite</span></button>`:c}
        <parley-theme></parley-theme>
      </div>
    </header>`},Fr=function(){let{call:e}=this,i=e.people.find(n=>n.isLocal)?.quality;return a`
      ${this.failure?a`<parley-banner tone="error">${this.failure}
        <button slot="action" class="button" @click=${u(this,et)}>Try again</button>
        <button slot="action" class="button quiet" @click=${u(this,Ft)}>Back</button></parley-banner>`:c}
      ${e.connection==="reconnecting"?a`<parley-banner tone="caution">The connection was lost. Reconnecting…</parley-banner>`:c}
      ${e.connection==="connected"&&(i==="poor"||i==="lost")?a`<parley-banner tone="caution">Your connection is weak; you may hear gaps.</parley-banner>`:c}
      ${e.connection==="connected"&&!e.canPlayAudio?a`<parley-banner>Your browser holds the sound back until you allow it.
        <button slot="action" class="button primary" @click=${()=>e.playAudio()}>${x("volume",18)}Turn on sound</button></parley-banner>`:c}
      ${e.problem?a`<parley-banner tone="error">${e.problem}
        <button slot="action" class="button quiet" @click=${()=>e.dismissProblem()}>Dismiss</button></parley-banner>`:c}
    `},et=new WeakMap,tt=new WeakMap,Ft=new WeakMap,z.styles=[w,A,At,Ir],l([y({attribute:!1})],z.prototype,"call",2),l([y({attribute:!1})],z.prototype,"session",2),l([y({attribute:!1})],z.prototype,"deployment",2),l([$()],z.prototype,"dialog",2),l([$()],z.prototype,"showsThread",2),l([$()],z.prototype,"failure",2),z=l([b("parley-meeting")],z);var no={left:["You left the meeting","Parley leaves too, once nobody is in the room."],elsewhere:["You joined from another tab","This tab was disconnected, so that you are in the room once."],removed:["You were removed from the meeting","Someone with the right to do so ended your part in it."],closed:["The meeting was closed","The room is no longer open."],lost:["The connection was lost","The meeting could not be reached again. Check your network, then rejoin."]},xe=class extends g{constructor(){super(...arguments);this.showsTranscript=!1}connectedCallback(){super.connectedCallback(),this.call.thread.load()}firstUpdated(){ee(this)}render(){let[e,i]=no[this.call.ending??"left"];return a`<parley-frame>
      <section class="card" aria-labelledby="title">
        <header><h1 id="title">${e}</h1><p class="muted">${i}</p></header>
        <div class="actions">
          <button class="button primary large wide" autofocus @click=${()=>this.dispatchEvent(new CustomEvent("rejoin"))}>Rejoin “${this.call.options.roomName}”</button>
          <button class="button large wide" @click=${()=>this.showsTranscript=!0}>${x("transcript",18)}Read the transcript</button>
          <button class="button quiet wide" @click=${()=>this.dispatchEvent(new CustomEvent("lobby"))}>Back to the lobby</button>
        </div>
      </section>
    </parley-frame>
    ${this.showsTranscript?a`<parley-transcript .thread=${this.call.thread} .room=${this.call.options.roomName}
      @closed=${()=>this.showsTranscript=!1}></parley-transcript>`:c}`}};xe.styles=[w,A,ne,f`
      .card { text-align: center; }
      .card header { justify-items: center; }
      .actions { display: grid; gap: 0.6rem; }
    `],l([y({attribute:!1})],xe.prototype,"call",2),l([$()],xe.prototype,"showsTranscript",2),xe=l([b("parley-left")],xe);var Wt=a`
  <div class="pitch">
    <parley-orb state="listening"></parley-orb>
    <h1>A teammate in the room.</h1>
    <p>Parley listens, reads what you type and looks at the screen you share. It answers by voice and in writing, and keeps one transcript of it all.</p>
  </div>
`;var $e,Wr,Bt,Vt,vi,B=class extends g{constructor(){super(...arguments);p(this,$e);this.demo=null;this.busy=!1;this.trouble="";p(this,Bt,e=>{e.preventDefault(),m(this,$e,vi).call(this,this.email.value,this.password.value)});p(this,Vt,()=>{this.demo!==null&&m(this,$e,vi).call(this,this.demo.email,this.demo.password)})}firstUpdated(){ee(this)}render(){return a`<parley-frame><div class="welcome">
      ${Wt}
      <section class="card" aria-labelledby="title">
        <header><h2 id="title">Sign in</h2><p class="muted">to enter your team's meeting rooms.</p></header>
        <form class="stack" @submit=${u(this,Bt)}>
          ${this.trouble?a`<parley-banner tone="error">${this.trouble}</parley-banner>`:c}
          ${I({id:"email",label:"E-mail"},a`
            <input id="email" type="email" name="email" autocomplete="username" inputmode="email" required autofocus>`)}
          ${I({id:"password",label:"Password"},a`
            <input id="password" type="password" name="password" autocomplete="current-password" required>`)}
          <button class="button primary large wide" ?disabled=${this.busy}>${this.busy?"Signing in…":"Sign in"}</button>
          ${this.demo?m(this,$e,Wr).call(this):c}
        </form>
      </section>
    </div></parley-frame>`}};$e=new WeakSet,Wr=function(){return a`
      <button type="button" class="button large wide" ?disabled=${this.busy} @click=${u(this,Vt)}>
        Use the demo account ${x("arrow",18)}
      </button>
      <p class="small muted">The demo account is offered on this machine only.</p>
    `},Bt=new WeakMap,Vt=new WeakMap,vi=async function(e,i){this.busy=!0,this.trouble="";try{let n=await Yi(e.trim(),i);this.dispatchEvent(new CustomEvent("signed-in",{detail:n}))}catch(n){this.trouble=oo(n),this.password.select()}finally{this.busy=!1}},B.styles=[w,A,K,ne],l([y({attribute:!1})],B.prototype,"demo",2),l([$()],B.prototype,"busy",2),l([$()],B.prototype,"trouble",2),l([M("#email")],B.prototype,"email",2),l([M("#password")],B.prototype,"password",2),B=l([b("parley-signin")],B);function oo(r){return r instanceof C?r.status===401?"This e-mail and password do not belong together.":r.status===429?`Too many tries. ${bi(r.retryAfterS)}`:r.status===0?"The server does not answer. Check that it is running, then sign in again.":r.message:"Something unexpected happened. Please try again."}function bi(r){if(r===null)return"Please wait a moment, then try again.";let t=Math.ceil(r);return`Please wait ${t} ${t===1?"second":"seconds"}, then try again.`}var ae,Br,Vr,Yt,Yr,q=class extends g{constructor(){super(...arguments);p(this,ae);this.code="";this.invitation=null;this.trouble="";this.busy=!1;this.failure="";p(this,Yt,e=>{e.preventDefault(),m(this,ae,Yr).call(this,this.nameInput.value.trim())})}firstUpdated(){ee(this)}render(){return a`<parley-frame><div class="welcome">
      ${Wt}
      <section class="card" aria-labelledby="title">${this.invitation?m(this,ae,Br).call(this,this.invitation):m(this,ae,Vr).call(this)}</section>
    </div></parley-frame>`}};ae=new WeakSet,Br=function(e){return a`
      <header>
        <h2 id="title">You are invited to “${e.room_name}”</h2>
        <p class="muted">by ${e.tenant_name}. No account is needed.</p>
      </header>
      <form class="stack" @submit=${u(this,Yt)}>
        ${this.failure?a`<parley-banner tone="error">${this.failure}</parley-banner>`:c}
        ${I({id:"name",label:"Your name",hint:"Others see it, and the transcript keeps it."},a`
          <input id="name" name="name" autocomplete="name" maxlength="60" required autofocus .value=${Z("name")??""} aria-describedby="name-note">`)}
        <button class="button primary large wide" ?disabled=${this.busy}>${this.busy?"One moment…":"Continue"}</button>
      </form>
    `},Vr=function(){return a`
      <header><h2 id="title">This invitation cannot be used</h2></header>
      <div class="stack">
        <p>${this.trouble||"It may have expired."} Ask for a new link, or sign in.</p>
        <a class="button large wide" href="/">Go to sign-in</a>
      </div>
    `},Yt=new WeakMap,Yr=async function(e){if(e!==""){this.busy=!0,this.failure="";try{let i=await Gi(this.code,e);X("name",e),this.dispatchEvent(new CustomEvent("signed-in",{detail:i}))}catch(i){this.failure=i instanceof C&&i.status===429?`Too many tries. ${bi(i.retryAfterS)}`:i instanceof C?i.message:"Something unexpected happened. Please try again."}finally{this.busy=!1}}},q.styles=[w,A,K,ne],l([y()],q.prototype,"code",2),l([y({attribute:!1})],q.prototype,"invitation",2),l([y()],q.prototype,"trouble",2),l([$()],q.prototype,"busy",2),l([$()],q.prototype,"failure",2),l([M("#name")],q.prototype,"nameInput",2),q=l([b("parley-guest")],q);var L,Gr,Qr,Jr,Ue,Xr,Zr,it,Gt,Qt,wi,rt,en,U=class extends g{constructor(){super(...arguments);p(this,L);this.route=pi(location.pathname);this.session=null;this.deployment=null;this.invitation=null;this.call=null;this.phase="loading";this.trouble="";p(this,Ue,async()=>{this.phase="loading";try{[this.session,this.deployment]=await Promise.all([Vi(),Ji()]),await m(this,L,Xr).call(this),this.phase="ready"}catch(e){this.trouble=e instanceof C?e.message:"Something unexpected happened.",this.phase="away"}});p(this,it,e=>{this.session=e.detail});p(this,Gt,()=>{this.session=null});p(this,Qt,e=>{if(this.session===null)return;let{room:i,name:n,withMicrophone:o,deviceId:s}=e.detail;m(this,L,wi).call(this,{roomName:i,identity:this.session.identity,name:n,withMicrophone:o,deviceId:s})});p(this,rt,()=>{this.call=null})}connectedCallback(){super.connectedCallback(),window.addEventListener("popstate",()=>{m(this,L,en).call(this)}),u(this,Ue).call(this)}updated(){let e=this.call?.options.roomName??(this.session===null?"Sign in":"Lobby");document.title=this.phase==="ready"?`${e} · Parley`:"Parley"}render(){return this.phase==="loading"?a`<div class="wait" role="status"><p>One moment…</p></div>`:this.phase==="away"?m(this,L,Gr).call(this):this.call!==null?m(this,L,Jr).call(this,this.call):this.session===null?m(this,L,Qr).call(this):a`<parley-lobby
      .session=${this.session} .deployment=${this.deployment} .room=${m(this,L,Zr).call(this,this.session)}
      @join=${u(this,Qt)} @signed-out=${u(this,Gt)}></parley-lobby>`}};L=new WeakSet,Gr=function(){return a`<div class="wait" role="alert">
      <h1>Parley is not answering</h1>
      <p>${this.trouble}</p>
      <button class="button primary" @click=${u(this,Ue)}>Try again</button>
    </div>`},Qr=function(){return this.route.kind==="invite"?a`<parley-guest .code=${this.route.code} .invitation=${this.invitation} .trouble=${this.trouble}
        @signed-in=${u(this,it)}></parley-guest>`:a`<parley-signin .demo=${this.deployment?.demo??null} @signed-in=${u(this,it)}></parley-signin>`},Jr=function(e){return e.ending!==null?a`<parley-left .call=${e} @rejoin=${()=>m(this,L,wi).call(this,e.options)} @lobby=${u(this,rt)}></parley-left>`:a`<parley-meeting .call=${e} .session=${this.session} .deployment=${this.deployment}
      @ended=${()=>this.requestUpdate()} @lobby=${u(this,rt)}></parley-meeting>`},Ue=new WeakMap,Xr=async function(){if(this.invitation=null,this.trouble="",this.route.kind!=="invite")return;try{this.invitation=await Xi(this.route.code)}catch(o){if(!(o instanceof C)||o.isAway)throw o;this.trouble=o.message;return}let{room_name:e,tenant_name:i}=this.invitation;this.session?.tenant.name===i&&(this.session.roomName??e)===e?this.route={kind:"room",room:e}:this.session=null},Zr=function(e){return e.roomName!==null?e.roomName:this.route.kind==="room"?this.route.room:gr},it=new WeakMap,Gt=new WeakMap,Qt=new WeakMap,wi=function(e){this.call=new Nt(e),this.route={kind:"room",room:e.roomName};let i=yr(e.roomName);this.session?.kind==="member"&&location.pathname!==i&&history.pushState(null,"",i)},rt=new WeakMap,en=async function(){await this.call?.leave(),this.call=null,this.route=pi(location.pathname),await u(this,Ue).call(this)},U.styles=[w,A,f`
      :host { display: block; }
      .wait { display: grid; place-content: center; justify-items: center; gap: 1.25rem; min-height: 100svh; padding: 2rem; text-align: center; color: var(--ink-2); }
    `],l([$()],U.prototype,"route",2),l([$()],U.prototype,"session",2),l([$()],U.prototype,"deployment",2),l([$()],U.prototype,"invitation",2),l([$()],U.prototype,"call",2),l([$()],U.prototype,"phase",2),l([$()],U.prototype,"trouble",2),U=l([b("parley-app")],U);ai();
